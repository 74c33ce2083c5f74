import { Button } from '../parts/button.tsx'
import type { VNode } from 'preact'
import { ViewHeader } from '../parts/layout.tsx'
import { useState } from 'preact/hooks'
import type { SecretView } from '../../api-shapes.ts'
import { useResource } from '../api/use-resource.ts'
import { Badge } from '../parts/badge.tsx'
import { ChoiceFilter, filterText, Filters, TextFilter } from '../parts/filters.tsx'
import { Moment } from '../parts/moment.tsx'
import { LongList } from '../parts/long-list.tsx'
import { Unmatched } from '../parts/paged-list.tsx'
import { Empty, Shown } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { hrefOf } from '../state/route.ts'
import { may } from '../state/session.ts'
import { settings } from '../state/settings.ts'
import { formatNumber } from '../words/formats.ts'
import { t } from '../words/translate.ts'
import { SecretDetail } from './secret-detail.tsx'
import { SetSecretDialog } from './set-secret.tsx'

/** `secrets`: every key and who answers for it; `secrets/KEY`: one of them. */
export function SecretsView({ shown }: { readonly shown?: string | undefined }): VNode {
  return shown === undefined ? <SecretList /> : <SecretDetail key={shown} secretKey={shown} />
}

function SecretList(): VNode {
  const kept = useResource<{ readonly secrets: readonly SecretView[] }>('secrets?fresh=false')
  const [isFresh, setFresh] = useState(false)
  const asked = useResource<{ readonly secrets: readonly SecretView[] }>(isFresh ? 'secrets' : undefined)
  // Until the sources have answered, what is kept stays.
  const list = asked.data === undefined && asked.problem === undefined ? kept : asked
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      <ViewHeader title={t('Secrets')}>
        <Button disabled={asked.isLoading} onClick={isFresh ? asked.reload : () => setFresh(true)}>
          {t('Refresh')}
        </Button>
        {!settings.isReadOnly && may('secrets.write') && (
          <Button class="primary" onClick={() => setAdding(true)}>
            {t('Set a secret')}
          </Button>
        )}
      </ViewHeader>
      <p class="lead">{t('Which provider answers for each key. Values are shown only when they are revealed.')}</p>
      <Filters>
        <TextFilter label={t('Key')} />
        <ChoiceFilter name="state" label={t('State')} options={stateOptions()} />
        <ChoiceFilter name="provider" label={t('Answered by')} options={providersOf(list.data?.secrets ?? [])} />
      </Filters>
      <Shown of={list}>{({ secrets }) => <SecretTable secrets={secrets} />}</Shown>
      {isAdding && <SetSecretDialog onClose={() => setAdding(false)} onDone={list.reload} />}
    </>
  )
}

function SecretTable({ secrets }: { readonly secrets: readonly SecretView[] }): VNode {
  const found = secrets.filter(matchesFilters)
  if (secrets.length === 0) {
    return (
      <Empty title={t('No provider tells of a key.')}>
        <p>{t('Set a secret here, or configure a provider that lists its keys.')}</p>
      </Empty>
    )
  }
  if (found.length === 0) {
    return <Unmatched unmatched={[t('No key matches these filters.'), 'secrets']} />
  }
  return (
    <>
      <p class="count">{t('{count} of {total}', { count: formatNumber(found.length), total: secrets.length })}</p>
      <LongList items={found}>
        {drawn => (
          <Table
            caption={t('Secrets')}
            rows={drawn}
            rowKey={({ key }) => key}
            columns={[
              { label: t('Key'), cell: ({ key }) => <SecretLink name={key} /> },
              { label: t('Answered by'), cell: secret => <AnsweredBy secret={secret} /> },
              { label: t('Also held by'), cell: secret => <Shadowed secret={secret} /> },
              { label: t('Read'), cell: ({ fetchedAt }) => <Moment at={fetchedAt} /> },
              { label: t('Kept until'), cell: ({ cachedUntil }) => <Moment at={cachedUntil} /> },
            ]}
          />
        )}
      </LongList>
    </>
  )
}

/** A key, and the way to it. */
function SecretLink({ name }: { readonly name: string }): VNode {
  return (
    <a href={hrefOf(['secrets', name])}>
      <bdi class="code">{name}</bdi>
    </a>
  )
}

/** Which provider answers for a key. */
function AnsweredBy({ secret: { source, unresolved } }: { readonly secret: SecretView }): VNode {
  if (source !== null) return <span>{source}</span>
  if (unresolved === undefined) return <Badge tone="quiet">{t('nobody has it')}</Badge>
  const who = unresolved.map(({ provider }) => provider).join(', ')
  return <Badge tone="bad">{t('not known: {who} could not be asked', { who })}</Badge>
}

/** Who holds a key besides. */
function Shadowed({ secret: { shadowed } }: { readonly secret: Pick<SecretView, 'shadowed'> }): VNode {
  if (shadowed.length === 0) return <span class="quiet">–</span>
  return (
    <span class="badges">
      {shadowed.map(({ provider, sameValue }) => (
        <Badge key={provider} tone={sameValue ? 'quiet' : 'warn'}>
          {provider}, {sameValue ? t('same value') : t('another value')}
        </Badge>
      ))}
    </span>
  )
}

/** What a key may be in, by the name in the address. */
const states: Readonly<Record<string, (secret: SecretView) => boolean>> = {
  found: ({ found }) => found,
  missing: ({ found, unresolved }) => !found && unresolved === undefined,
  unknown: ({ unresolved }) => unresolved !== undefined,
  shadowed: ({ shadowed }) => shadowed.length > 0,
  conflicting: ({ shadowed }) => shadowed.some(({ sameValue }) => !sameValue),
}

function stateOptions(): readonly (readonly [string, string])[] {
  return [
    ['found', t('found')],
    ['missing', t('nobody has it')],
    ['unknown', t('could not be asked')],
    ['shadowed', t('held twice')],
    ['conflicting', t('held twice, with another value')],
  ]
}

function providersOf(secrets: readonly SecretView[]): readonly (readonly [string, string])[] {
  const names = new Set(secrets.flatMap(({ source }) => source ?? []))
  return [...names].toSorted().map(name => [name, name])
}

function matchesFilters(secret: SecretView): boolean {
  const [text, state, provider] = [filterText('q').toLowerCase(), filterText('state'), filterText('provider')]
  if (!secret.key.toLowerCase().includes(text)) return false
  return (states[state]?.(secret) ?? true) && (provider === '' || secret.source === provider)
}
