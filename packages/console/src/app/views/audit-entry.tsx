import { ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { pathOf } from '../api/request.ts'
import type { AuditEntry } from '../api/shapes.ts'
import { useResource } from '../api/use-resource.ts'
import { Badge } from '../parts/badge.tsx'
import { Figure } from '../parts/figure.tsx'
import { Shown } from '../parts/states.tsx'
import { hrefOf } from '../state/route.ts'
import { formatMoment } from '../words/formats.ts'
import { t } from '../words/translate.ts'

/** An entry of the log, all of it. */
export function AuditEntryView({ sequence }: { readonly sequence: string }): VNode {
  const entry = useResource<AuditEntry>(pathOf('audit', sequence))
  const neighbour = (by: number): string => hrefOf(['audit', String(Number(sequence) + by)])
  return (
    <>
      <ViewHeader title={t('Entry {sequence}', { sequence })} trail={[t('Audit log'), hrefOf(['audit'])]}>
        {Number(sequence) > 1 && (
          <a class="button" href={neighbour(-1)}>
            {t('Entry before')}
          </a>
        )}
        <a class="button" href={neighbour(1)}>
          {t('Entry after')}
        </a>
      </ViewHeader>
      <Shown of={entry}>{told => <Told entry={told} />}</Shown>
    </>
  )
}

function Told({ entry }: { readonly entry: AuditEntry }): VNode {
  const { action, outcome, occurredAt, type, actorName, actorId, actorIp, targetType, targetId, requestId } = entry
  return (
    <div class="card">
      <p class="lead">
        <Badge tone={outcome === 'done' ? 'good' : 'warn'}>{outcome === 'done' ? t('done') : t('refused')}</Badge>{' '}
        {action}
      </p>
      <dl class="figures">
        <Figure label={t('When')}>{formatMoment(occurredAt)}</Figure>
        <Figure label={t('Type')}>
          <span class="code">{type}</span>
        </Figure>
        <Figure label={t('Who')}>
          <bdi>{actorName ?? '–'}</bdi> {actorId !== null && <span class="quiet">#{actorId}</span>}
        </Figure>
        <Figure label={t('From where')}>{actorIp ?? '–'}</Figure>
        <Figure label={t('Of what')}>
          {targetType ?? '–'} <bdi class="code">{targetId}</bdi>
        </Figure>
        <Figure label={t('Request')}>
          <span class="code">{requestId ?? '–'}</span>
        </Figure>
      </dl>
      {entry.details !== null && (
        <pre class="value" tabIndex={0} aria-label={t('Details')}>
          {JSON.stringify(entry.details, null, 2)}
        </pre>
      )}
      <dl class="facts">
        <div>
          <dt>{t('Hash of the entry before')}</dt>
          <dd class="code">{entry.previousHash}</dd>
        </div>
        <div>
          <dt>{t('Hash')}</dt>
          <dd class="code">{entry.hash}</dd>
        </div>
      </dl>
    </div>
  )
}
