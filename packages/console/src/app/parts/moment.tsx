import type { VNode } from 'preact'
import { formatAge, formatMoment } from '../words/formats.ts'

/** A moment, as how long ago it was or how soon it will be. */
export function Moment({ at }: { readonly at: string | undefined }): VNode {
  if (at === undefined) return <span class="quiet">–</span>
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatAge(at)}
    </time>
  )
}
