import type { ComponentChildren, VNode } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { t } from '../words/translate.ts'
import { More } from './more.tsx'

/** How many rows are drawn at most: browsers lay out a table as a whole, each time that it grows. */
const drawnAtMost = 150
const step = 25

/** A list of which a part is drawn: what comes into sight at one end is drawn, what is far behind is not any more. */
export function LongList<T>({
  items,
  more,
  children,
}: {
  /** Those that are known. */
  readonly items: readonly T[]
  /** Reads on at the end of these. */
  readonly more?: (() => void) | undefined
  /** Draws them as a table. */
  readonly children: (drawn: readonly T[]) => ComponentChildren
}): VNode {
  const box = useRef<HTMLDivElement>(null)
  const kept = useRef<{ readonly row: Element; readonly top: number }>(undefined)
  const [, setCount] = useState(0)
  // The browser keeps it with the address: going back finds the place, a link begins at the beginning.
  const first = Math.max(0, Math.min(Number(history.state ?? 0), items.length - step))
  const end = first + drawnAtMost
  const move = (by: number): void => {
    // The first row that is drawn before and after stays where it is in the window.
    const row = box.current?.querySelectorAll('tbody tr')[Math.max(0, by)]
    kept.current = row && { row, top: row.getBoundingClientRect().top }
    history.replaceState(first + by, '')
    setCount(count => count + 1)
  }
  useLayoutEffect(() => {
    if (kept.current === undefined) return
    const { row, top } = kept.current
    kept.current = undefined
    scrollBy(0, row.getBoundingClientRect().top - top)
  }, [first])
  return (
    <div class="long" ref={box}>
      <More label={t('Show earlier')} onMore={first > 0 ? () => move(-step) : undefined} />
      {items.length > 0 && children(items.slice(first, end))}
      <More label={t('Show more')} onMore={end < items.length ? () => move(step) : more} />
    </div>
  )
}
