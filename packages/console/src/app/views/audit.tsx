import { Button } from '../parts/button.tsx'
import { ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { useAction } from '../api/use-action.ts'
import { usePages } from '../api/use-pages.ts'
import { request } from '../api/request.ts'
import { useResource } from '../api/use-resource.ts'
import type { AuditEntry, Verification } from '../api/shapes.ts'
import { Badge } from '../parts/badge.tsx'
import { ChoiceFilter, filterText, Filters, TextFilter } from '../parts/filters.tsx'
import { Field } from '../parts/field.tsx'
import { PagedList, Unmatched } from '../parts/paged-list.tsx'
import { ProblemNote } from '../parts/problem.tsx'
import { Table } from '../parts/table.tsx'
import { hrefOf, setFilter } from '../state/route.ts'
import { settings } from '../state/settings.ts'
import { formatMoment, formatNumber } from '../words/formats.ts'
import { t } from '../words/translate.ts'
import { AuditEntryView } from './audit-entry.tsx'
import { VerificationNote } from './verification.tsx'

/** `audit`: what was done and what was refused; `audit/NUMBER`: one entry in full. */
export function AuditView({ shown }: { readonly shown?: string | undefined }): VNode {
  return shown === undefined ? <AuditList /> : <AuditEntryView sequence={shown} />
}

const filterNames = ['type', 'outcome', 'actor', 'text', 'targetType', 'targetId'] as const

/** What the log is asked for. */
type Query = '' | `${(typeof filterNames)[number] | 'since' | 'until'}=${string}`

function AuditList(): VNode {
  const query = queryOfFilters()
  const pages = usePages<AuditEntry>(query === '' ? 'audit' : `audit?${query}`, 'entries')
  const { items, total } = pages
  return (
    <>
      <ViewHeader title={t('Audit log')}>
        <Button onClick={pages.reload}>{t('Refresh')}</Button>
        <Export query={query} />
      </ViewHeader>
      <AuditFilters />
      <Verify entries={items} isFiltered={query !== ''} />
      <PagedList pages={pages} empty={<Unmatched unmatched={[t('No entry matches these filters.'), 'audit']} />}>
        {entries => (
          <>
            <p class="count">
              {t('{count} of {total}', {
                count: formatNumber(items.length),
                total: formatNumber(total ?? items.length),
              })}
            </p>
            <EntryTable entries={entries} />
          </>
        )}
      </PagedList>
    </>
  )
}

function EntryTable({ entries }: { readonly entries: readonly AuditEntry[] }): VNode {
  return (
    <Table
      caption={t('Audit log')}
      rows={entries}
      rowKey={({ sequence }) => sequence}
      columns={[
        {
          label: t('Number'),
          cell: ({ sequence }) => <a href={hrefOf(['audit', String(sequence)])}>{sequence}</a>,
        },
        { label: t('When'), cell: ({ occurredAt }) => <time dateTime={occurredAt}>{formatMoment(occurredAt)}</time> },
        { label: t('Who'), cell: ({ actorName, actorIp }) => <bdi>{actorName ?? actorIp ?? '–'}</bdi> },
        { label: t('What'), cell: entry => <What entry={entry} /> },
        { label: t('Of what'), cell: ({ targetId }) => <bdi class="code">{targetId ?? '–'}</bdi> },
      ]}
    />
  )
}

function What({ entry: { action, type, outcome } }: { readonly entry: AuditEntry }): VNode {
  return (
    <>
      {outcome === 'refused' && <Badge tone="warn">{t('refused')}</Badge>} {action}{' '}
      <small class="quiet code">{type}</small>
    </>
  )
}

function AuditFilters(): VNode {
  const known = useResource<{ readonly types: readonly string[] }>('audit/types').data?.types ?? []
  const groups = [...new Set(known.map(type => `${type.split('.')[0]}.`))]
  return (
    <Filters>
      <TextFilter name="text" />
      <ChoiceFilter
        name="type"
        label={t('Type')}
        options={[...groups.map(group => [group, `${group}*`] as const), ...known.map(type => [type, type] as const)]}
      />
      <ChoiceFilter
        name="outcome"
        label={t('Outcome')}
        options={[
          ['done', t('done')],
          ['refused', t('refused')],
        ]}
      />
      <DayFilter name="since" label={t('From')} />
      <DayFilter name="until" label={t('To, inclusive')} />
    </Filters>
  )
}

function DayFilter({ name, label }: { readonly name: string; readonly label: string }): VNode {
  return (
    <Field
      name={name}
      type="date"
      label={label}
      defaultValue={filterText(name)}
      onChange={event => setFilter(name, event.currentTarget.value)}
    />
  )
}

/** The filters as the API takes them; days are those of the user. */
function queryOfFilters(): Query {
  const query = new URLSearchParams()
  for (const name of filterNames) if (filterText(name) !== '') query.set(name, filterText(name))
  const [since, until] = [startOfDay(filterText('since'), 0), startOfDay(filterText('until'), 1)]
  if (since !== undefined) query.set('since', since)
  if (until !== undefined) query.set('until', until)
  // It begins with one of the names that are set.
  return query.toString() as Query
}

function startOfDay(day: string, later: number): string | undefined {
  const date = new Date(`${day}T00:00`)
  if (Number.isNaN(date.getTime())) return undefined
  date.setDate(date.getDate() + later)
  return date.toISOString()
}

function Export({ query }: { readonly query: Query }): VNode {
  const address = (format: 'csv' | 'ndjson'): string =>
    `${settings.base}api/audit/export?format=${format}${query === '' ? '' : `&${query}`}`
  return (
    <>
      {(['csv', 'ndjson'] as const).map(format => (
        <a key={format} class="button" href={address(format)} download>
          {t('Export {format}', { format: format.toUpperCase() })}
        </a>
      ))}
    </>
  )
}

/** Checks whether the log is as it was written: all of it, or what is shown. */
function Verify({
  entries,
  isFiltered,
}: {
  readonly entries: readonly AuditEntry[]
  readonly isFiltered: boolean
}): VNode {
  const [result, setResult] = useState<Verification>()
  const { isBusy, problem, run } = useAction()
  const [newest, oldest] = [entries[0]?.sequence, entries.at(-1)?.sequence]
  const verify = (range: '' | `?from=${number}&to=${number}`): void =>
    void run(async () => setResult((await request<Verification>(`audit/verify${range}`)).data))
  return (
    <section class="verify" aria-label={t('Verification')}>
      <div class="actions">
        <Button disabled={isBusy} onClick={() => verify('')}>
          {isBusy ? t('Working…') : t('Verify the whole log')}
        </Button>
        {isFiltered && newest !== undefined && oldest !== undefined && (
          <Button disabled={isBusy} onClick={() => verify(`?from=${oldest}&to=${newest}`)}>
            {t('Verify {oldest} to {newest}', { oldest, newest })}
          </Button>
        )}
      </div>
      <ProblemNote problem={problem} />
      <div role="status">{result !== undefined && <VerificationNote result={result} />}</div>
    </section>
  )
}
