import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { formatMoment } from '../words/formats.ts'
import { t } from '../words/translate.ts'

/** What a chart shows at one moment; no value where nothing was measured. */
export interface ChartPoint {
  readonly at: string
  readonly value: number | undefined
}

/** A line over time. */
export interface ChartProps {
  readonly title: string
  readonly points: readonly ChartPoint[]
  /** Upper end of the scale. Default: the largest value. */
  readonly maximum?: number
  readonly format: (value: number) => string
}

const [width, height] = [300, 100]

/** A line over time that can be read by pointer and by keyboard; the figures stand in the table of the same view. */
export function Chart({ title, points, maximum, format }: ChartProps): VNode {
  const [index, setIndex] = useState<number>()
  const values = points.flatMap(({ value }) => value ?? [])
  const top = maximum ?? Math.max(...values, 1)
  const last = values.at(-1)
  const chosen = index === undefined ? undefined : points[index]
  const summary = last === undefined ? t('nothing yet') : t('{value} at the end', { value: format(last) })
  return (
    <figure class="chart">
      <figcaption>
        <span>{title}</span>
        <b>{chosen === undefined ? (last === undefined ? '–' : format(last)) : reading(chosen, format)}</b>
      </figcaption>
      <div class="plot">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${summary}`}
          onPointerMove={event => {
            const { left, width: wide } = event.currentTarget.getBoundingClientRect()
            setIndex(Math.round(((event.clientX - left) / wide) * (points.length - 1)))
          }}
          onPointerLeave={() => setIndex(undefined)}
        >
          <path class="grid" d={`M0 0.5H${width}M0 ${height / 2}H${width}M0 ${height - 0.5}H${width}`} />
          {runsOf(points).map(run => (
            <Run key={run[0]} run={run} points={points} top={top} />
          ))}
          {chosen !== undefined && <path class="cursor" d={`M${xOf(index ?? 0, points.length)} 0V${height}`} />}
        </svg>
        <span class="scale">{format(top)}</span>
        <span class="scale">{format(0)}</span>
      </div>
    </figure>
  )
}

function reading({ at, value }: ChartPoint, format: (value: number) => string): string {
  return `${value === undefined ? '–' : format(value)} · ${formatMoment(at)}`
}

/** A line without a gap, and what is below it. */
function Run({
  run,
  points,
  top,
}: {
  readonly run: readonly number[]
  readonly points: readonly ChartPoint[]
  readonly top: number
}): VNode {
  const places = run.map(index => {
    const y = height - ((points[index]?.value ?? 0) / top) * (height - 2) - 1
    return `${xOf(index, points.length).toFixed(1)} ${y.toFixed(1)}`
  })
  const [first = 0, last = first] = [run[0], run.at(-1)]
  // One point alone would not be seen.
  const line = places.length === 1 ? `M${places[0]}h2` : `M${places.join('L')}`
  return (
    <>
      <path
        class="area"
        d={`M${xOf(first, points.length)} ${height}L${places.join('L')}L${xOf(last, points.length)} ${height}Z`}
      />
      <path class="line" d={line} />
    </>
  )
}

function xOf(index: number, count: number): number {
  return count < 2 ? 0 : (index / (count - 1)) * width
}

/** The stretches in which something was measured, by the numbers of their points. */
function runsOf(points: readonly ChartPoint[]): readonly (readonly number[])[] {
  const runs: number[][] = []
  points.forEach(({ value }, index) => {
    if (value === undefined) return
    const last = runs.at(-1)
    if (last?.at(-1) === index - 1) last.push(index)
    else runs.push([index])
  })
  return runs
}
