import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { request, RequestProblem, revivals } from './request.ts'

/** A list that is read a part at a time. */
export interface Pages<T> {
  readonly items: readonly T[]
  /** How many there are in all, where the server tells. */
  readonly total?: number | undefined
  /** Why the part that was asked for last could not be had. */
  readonly problem?: RequestProblem | undefined
  readonly isLoading: boolean
  /** Whether there is nothing. */
  readonly isEmpty: boolean
  /** Reads the next part; absent at the end, and after a problem: who reads on by itself would ask without end. */
  readonly more?: (() => void) | undefined
  /** Asks once more for the part that could not be had. */
  readonly retry: () => void
  readonly reload: () => void
}

type Answer<T> = Readonly<Record<string, readonly T[] | string | number | undefined>>

interface State<T> {
  readonly path: string
  readonly items: readonly T[]
  readonly total?: number | undefined
  readonly cursor?: string | undefined
  readonly isComplete: boolean
  readonly problem?: RequestProblem | undefined
}

const shownBefore = new Map<string, unknown>()

/** Forgets the lists that were shown. */
export function forgetPages(): void {
  shownBefore.clear()
}

/**
 * @param path - Of the list, with its filters.
 * @param member - Of the answer that holds the items.
 */
export function usePages<T>(path: string, member: string): Pages<T> {
  // Kept under its path, whose type it has.
  const before = shownBefore.get(path) as State<T> | undefined
  const empty: State<T> = { path, items: [], isComplete: false }
  const start = before ?? empty
  const [state, setState] = useState(start)
  const [isLoading, setLoading] = useState(false)
  const busy = useRef<AbortController>(undefined)
  const current = state.path === path ? state : start

  const load = useCallback(
    async (from: State<T>): Promise<void> => {
      busy.current?.abort()
      const controller = new AbortController()
      busy.current = controller
      setLoading(true)
      const next = await loadPage(from, member, controller.signal)
      if (controller.signal.aborted) return
      if (next.problem === undefined) shownBefore.set(path, next)
      setState(next)
      setLoading(false)
    },
    [path, member],
  )
  // Asked before the first paint, which a new page takes its time for; a server that is back, for what it could not tell.
  useLayoutEffect(() => {
    if (before === undefined || current.problem !== undefined) void load(current)
    return () => {
      busy.current?.abort()
      setLoading(false)
    }
  }, [load, revivals.value])

  const { items, total, problem, cursor, isComplete } = current
  const retry = (): void => void load(current)
  return {
    items,
    total,
    problem,
    isLoading,
    isEmpty: items.length === 0 && isComplete,
    more: cursor === undefined || problem !== undefined || isLoading ? undefined : retry,
    retry,
    reload: () => void load(empty),
  }
}

/** The list with its next part, or with why that could not be had. */
async function loadPage<T>(from: State<T>, member: string, signal: AbortSignal): Promise<State<T>> {
  const { path, items, cursor } = from
  const query = new URLSearchParams({ limit: '100', ...(cursor === undefined ? {} : { cursor }) })
  try {
    const { data } = await request<Answer<T>>(`${path}${path.includes('?') ? '&' : '?'}${query}`, { signal })
    // The member was named as the one that holds the items; the others are those of every list.
    const found = (data[member] ?? []) as readonly T[]
    const { nextCursor, total } = data as { readonly nextCursor?: string; readonly total?: number }
    return { path, items: [...items, ...found], cursor: nextCursor, total, isComplete: nextCursor === undefined }
  } catch (error) {
    if (signal.aborted) return from
    if (!(error instanceof RequestProblem)) throw error
    return { ...from, problem: error }
  }
}
