import { ViewHeader } from '../parts/layout.tsx'
import type { VNode } from 'preact'
import type { CacheView } from '../../api-shapes.ts'
import { useResource } from '../api/use-resource.ts'
import { Empty, Shown } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { hrefOf } from '../state/route.ts'
import { formatMs, formatNumber, formatPercent } from '../words/formats.ts'
import { t } from '../words/translate.ts'
import { CacheDetail } from './cache-detail.tsx'

/** `caches`: how full they are and how often they answer; `caches/NAME`: one over time. */
export function CachesView({ shown }: { readonly shown?: string | undefined }): VNode {
  const list = useResource<{ readonly caches: readonly CacheView[] }>('caches', 5)
  return (
    <>
      <ViewHeader title={t('Caches')} />
      <p class="lead">{t('What is kept so that the sources are not asked each time. Figures are since the start.')}</p>
      <Shown of={list}>
        {({ caches }) => {
          if (caches.length === 0) {
            return (
              <Empty title={t('There is no cache.')}>
                <p>{t('Give this console the caches of your application to see them here.')}</p>
              </Empty>
            )
          }
          const cache = caches.find(({ name }) => name === shown)
          return (
            <>
              <CacheTable caches={caches} />
              {cache !== undefined && <CacheDetail key={cache.name} cache={cache} onCleared={list.reload} />}
              {cache === undefined && shown !== undefined && <Empty title={t('There is no cache of this name.')} />}
            </>
          )
        }}
      </Shown>
    </>
  )
}

function CacheTable({ caches }: { readonly caches: readonly CacheView[] }): VNode {
  return (
    <Table
      caption={t('Caches')}
      rows={caches}
      rowKey={({ name }) => name}
      columns={[
        { label: t('Cache'), cell: ({ name }) => <a href={hrefOf(['caches', name])}>{name}</a> },
        {
          label: t('Hit ratio'),
          isNumber: true,
          cell: ({ figures }) => (figures === undefined ? '–' : formatPercent(figures.hitRatio)),
        },
        { label: t('Hits'), isNumber: true, cell: ({ figures }) => count(figures?.hits) },
        { label: t('Misses'), isNumber: true, cell: ({ figures }) => count(figures?.misses) },
        {
          label: t('Entries'),
          isNumber: true,
          cell: ({ figures }) =>
            figures === undefined
              ? '–'
              : [figures.size, ...(figures.maxSize === undefined ? [] : [figures.maxSize])].map(count).join(' / '),
        },
        { label: t('Evicted'), isNumber: true, cell: ({ figures }) => count(figures?.evictions) },
        {
          label: t('Load, 95 %'),
          isNumber: true,
          cell: ({ loads: { p95Ms } }) => (p95Ms === undefined ? '–' : formatMs(p95Ms)),
        },
      ]}
    />
  )
}

function count(value: number | undefined): string {
  return value === undefined ? '–' : formatNumber(value)
}
