import { Button } from '../parts/button.tsx'
import { ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { ProviderHealthView, ProviderView } from '../../api-shapes.ts'
import { pathOf, request } from '../api/request.ts'
import { useAction } from '../api/use-action.ts'
import { useResource } from '../api/use-resource.ts'
import { Badge, type Tone } from '../parts/badge.tsx'
import { Figure } from '../parts/figure.tsx'
import { Moment } from '../parts/moment.tsx'
import { ProblemNote } from '../parts/problem.tsx'
import { Empty, Shown } from '../parts/states.tsx'
import { settings } from '../state/settings.ts'
import { formatMs, formatNumber, formatSeconds } from '../words/formats.ts'
import { m, type Message, t } from '../words/translate.ts'
import { Doctor } from './doctor.tsx'
import { Findings } from './findings.tsx'

/** `providers`: where secrets come from, how these sources are, and what to mend. */
export function ProvidersView(): VNode {
  const list = useResource<{ readonly providers: readonly ProviderView[] }>('providers', 10)
  return (
    <>
      <ViewHeader title={t('Providers')} />
      <p class="lead">{t('Where secrets come from, in the order in which they are asked.')}</p>
      <Shown of={list}>
        {({ providers }) =>
          providers.length === 0 ? (
            <Empty title={t('There is no provider.')}>
              <p>{t('Give the manager at least one, such as the environment.')}</p>
            </Empty>
          ) : (
            <ol class="cards">
              {providers.map(provider => (
                <ProviderCard key={provider.name} provider={provider} />
              ))}
            </ol>
          )
        }
      </Shown>
      {settings.parts.includes('doctor') && <Doctor />}
    </>
  )
}

function ProviderCard({ provider }: { readonly provider: ProviderView }): VNode {
  const { name, available, facts } = provider
  const [tested, setTested] = useState<ProviderHealthView>()
  const health = useResource<ProviderHealthView>(available ? pathOf('providers', name, 'health') : undefined)
  const { isBusy, problem, run } = useAction()
  const shown = tested ?? health.data
  const test = async (): Promise<void> => {
    setTested((await request<ProviderHealthView>(pathOf('providers', name, 'test'), { method: 'POST' })).data)
  }
  return (
    <li class="card">
      <header>
        <h2>{name}</h2>
        <Status health={shown} isAvailable={available} />
        {available && !settings.isReadOnly && (
          <Button disabled={isBusy} onClick={() => void run(test)}>
            {isBusy ? t('Working…') : t('Test now')}
          </Button>
        )}
      </header>
      <Figures provider={provider} health={shown} />
      <dl class="facts">
        {Object.entries(facts).map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd class="code">{String(value) || '–'}</dd>
          </div>
        ))}
      </dl>
      <Findings findings={shown?.findings ?? []} />
      <ProblemNote problem={problem ?? health.problem} />
    </li>
  )
}

function Status({
  health,
  isAvailable,
}: {
  readonly health: ProviderHealthView | undefined
  readonly isAvailable: boolean
}): VNode {
  if (!isAvailable) return <Badge tone="quiet">{t('not configured')}</Badge>
  if (health === undefined) return <span class="quiet">{t('Loading…')}</span>
  if (health.sealed) return <Badge tone="bad">{t('sealed')}</Badge>
  const [tone, message] = statuses[health.status]
  return <Badge tone={tone}>{t(message)}</Badge>
}

const statuses: Readonly<Record<ProviderHealthView['status'], readonly [Tone, Message]>> = {
  ready: ['good', m('ready')],
  degraded: ['warn', m('degraded')],
  failed: ['bad', m('failed')],
  not_configured: ['quiet', m('not configured')],
}

const breakers: Readonly<Record<ProviderView['breaker'], Message>> = {
  closed: m('asked as usual'),
  open: m('not asked at present'),
  half_open: m('tried again'),
  off: m('no breaker'),
}

function Figures({
  provider: { breaker, calls, failures, retries, latencyMs, lastOkAt, lastFailure },
  health,
}: {
  readonly provider: ProviderView
  readonly health: ProviderHealthView | undefined
}): VNode {
  const time = latencyMs === undefined ? '–' : `${formatMs(latencyMs.p50)} / ${formatMs(latencyMs.p95)}`
  return (
    <dl class="figures">
      <Figure label={t('Time, median / 95 %')}>{time}</Figure>
      <Figure label={t('Asked / failed / repeated')}>{[calls, failures, retries].map(formatNumber).join(' / ')}</Figure>
      <Figure label={t('Breaker')}>{t(breakers[breaker])}</Figure>
      <Figure label={t('Last answer')}>
        <Moment at={lastOkAt} />
      </Figure>
      {lastFailure !== undefined && (
        <Figure label={t('Last failure')}>
          {lastFailure.kind} <Moment at={lastFailure.at} />
        </Figure>
      )}
      {health?.tokenSeconds !== undefined && (
        <Figure label={t('Token good for')}>{formatSeconds(health.tokenSeconds)}</Figure>
      )}
    </dl>
  )
}
