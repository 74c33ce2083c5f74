import { Button } from '../parts/button.tsx'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { CachePoint, CacheView } from '../../api-shapes.ts'
import { pathOf } from '../api/request.ts'
import { useResource } from '../api/use-resource.ts'
import { Chart } from '../parts/chart.tsx'
import { Figure } from '../parts/figure.tsx'
import { filterText } from '../parts/filters.tsx'
import { Card } from '../parts/layout.tsx'
import { Empty, Shown } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { setFilter } from '../state/route.ts'
import { may } from '../state/session.ts'
import { settings } from '../state/settings.ts'
import { formatMoment, formatMs, formatNumber, formatPercent } from '../words/formats.ts'
import { m, type Message, t } from '../words/translate.ts'
import { ClearCache } from './clear-cache.tsx'

const windows = [
  ['300', m('5 minutes')],
  ['3600', m('1 hour')],
  ['86400', m('24 hours')],
] as const satisfies readonly (readonly [string, Message])[]

/** One cache over time, and clearing it. */
export function CacheDetail({
  cache,
  onCleared,
}: {
  readonly cache: CacheView
  readonly onCleared: () => void
}): VNode {
  const { name } = cache
  const wanted = filterText('window')
  const window = windows.some(([seconds]) => seconds === wanted) ? wanted : '300'
  const history = useResource<{ readonly points: readonly CachePoint[] }>(
    `${pathOf('caches', name, 'history')}?window=${window}`,
    5,
  )
  const [isClearing, setClearing] = useState(false)
  const { loads, failures, p50Ms } = cache.loads
  const refresh = (): void => [onCleared, history.reload].forEach(reload => reload())
  return (
    <Card
      title={name}
      actions={
        <>
          <Windows shown={window} />
          {!settings.isReadOnly && may('cache.clear') && (
            <Button class="danger" onClick={() => setClearing(true)}>
              {t('Clear…')}
            </Button>
          )}
        </>
      }
    >
      <Shown of={history}>{({ points }) => <History points={points} />}</Shown>
      <dl class="figures">
        <Figure label={t('Loads / failed')}>{`${formatNumber(loads)} / ${formatNumber(failures)}`}</Figure>
        <Figure label={t('Load, median')}>{p50Ms === undefined ? '–' : formatMs(p50Ms)}</Figure>
        <Figure label={t('Expired')}>
          {cache.figures?.expirations === undefined ? '–' : formatNumber(cache.figures.expirations)}
        </Figure>
      </dl>
      {isClearing && <ClearCache name={name} onClose={() => setClearing(false)} onCleared={refresh} />}
    </Card>
  )
}

function History({ points }: { readonly points: readonly CachePoint[] }): VNode {
  if (points.length === 0)
    return <Empty title={t('Nothing was measured in this time yet. Look again in some seconds.')} />
  return (
    <>
      <div class="charts">
        <Chart
          title={t('Hit ratio')}
          maximum={1}
          format={formatPercent}
          points={points.map(({ at, hitRatio }) => ({ at, value: hitRatio }))}
        />
        <Chart
          title={t('Asked')}
          format={formatNumber}
          points={points.map(({ at, hits, misses }) => ({ at, value: hits + misses }))}
        />
        <Chart
          title={t('Entries')}
          format={formatNumber}
          points={points.map(({ at, size }) => ({ at, value: size }))}
        />
        <Chart
          title={t('Evicted')}
          format={formatNumber}
          points={points.map(({ at, evictions }) => ({ at, value: evictions }))}
        />
      </div>
      <details>
        <summary>{t('The same as a table')}</summary>
        <HistoryTable points={points} />
      </details>
    </>
  )
}

function Windows({ shown }: { readonly shown: string }): VNode {
  return (
    <div class="segments" role="group" aria-label={t('Time shown')}>
      {windows.map(([seconds, label]) => (
        <Button key={seconds} aria-pressed={seconds === shown} onClick={() => setFilter('window', seconds)}>
          {t(label)}
        </Button>
      ))}
    </div>
  )
}

function HistoryTable({ points }: { readonly points: readonly CachePoint[] }): VNode {
  return (
    <Table
      caption={t('The same as a table')}
      rows={points.toReversed()}
      rowKey={({ at }) => at}
      columns={[
        { label: t('Until'), cell: ({ at }) => formatMoment(at) },
        {
          label: t('Hit ratio'),
          isNumber: true,
          cell: ({ hitRatio }) => (hitRatio === undefined ? '–' : formatPercent(hitRatio)),
        },
        { label: t('Hits'), isNumber: true, cell: ({ hits }) => formatNumber(hits) },
        { label: t('Misses'), isNumber: true, cell: ({ misses }) => formatNumber(misses) },
        { label: t('Entries'), isNumber: true, cell: ({ size }) => formatNumber(size) },
        { label: t('Evicted'), isNumber: true, cell: ({ evictions }) => formatNumber(evictions) },
      ]}
    />
  )
}
