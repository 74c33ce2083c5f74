import type { ComponentChildren, VNode } from 'preact'
import type { Pages } from '../api/use-pages.ts'
import { hrefOf } from '../state/route.ts'
import { t } from '../words/translate.ts'
import { LongList } from './long-list.tsx'
import { Empty, Failed, Loading } from './states.tsx'

/** A list that is read a part at a time, in all its states. */
export interface PagedListProps<T> {
  readonly pages: Pages<T>
  /** Those that match the filters of the view. */
  readonly shown?: readonly T[]
  /** What is shown when there is nothing at all. */
  readonly empty: ComponentChildren
  /** That nothing matches, and where all of them are. */
  readonly unmatched?: readonly [text: string, path: string]
  /** The list itself. */
  readonly children: (shown: readonly T[]) => ComponentChildren
}

/** Shows a list, or why there is none, and reads on at its end. */
export function PagedList<T>({ pages, shown = pages.items, empty, unmatched, children }: PagedListProps<T>): VNode {
  const { items, problem, isLoading, isEmpty, more, retry } = pages
  return (
    <>
      {isEmpty && empty}
      {shown.length === 0 && items.length > 0 && unmatched !== undefined && <Unmatched unmatched={unmatched} />}
      {isLoading && items.length === 0 && <Loading />}
      <LongList items={shown} more={more}>
        {children}
      </LongList>
      {problem !== undefined && <Failed problem={problem} retry={retry} />}
    </>
  )
}

/** That no row matches the filters, and the way to all of them. */
export function Unmatched({ unmatched: [text, path] }: { readonly unmatched: readonly [string, string] }): VNode {
  return (
    <Empty title={text}>
      <a href={hrefOf([path])}>{t('Show all')}</a>
    </Empty>
  )
}
