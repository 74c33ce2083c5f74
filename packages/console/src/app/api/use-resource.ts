import { useLayoutEffect, useState } from 'preact/hooks'
import { type Answer, request, RequestProblem, revivals } from './request.ts'

/** Something of the server that a view shows. */
export interface Resource<T> {
  /** What was last told; stays while it is asked again. */
  readonly data?: T
  readonly etag?: string | undefined
  /** Why it could not be had. */
  readonly problem?: RequestProblem | undefined
  readonly isLoading: boolean
  readonly reload: () => void
  /** Shows what a change of it was answered with. */
  readonly adopt: (answer: Answer<T>) => void
}

/** What was last told, so that going back shows it at once. */
const lastTold = new Map<string, Answer<unknown>>()

/** Forgets what was told, at the end of a session. */
export function forgetTold(): void {
  lastTold.clear()
}

/**
 * Reads a path, again when the server comes back, and every few seconds where that is wanted.
 *
 * @param path - `undefined` asks nothing.
 */
export function useResource<T>(path: string | undefined, everySeconds?: number): Resource<T> {
  const [state, setState] = useState<{ path?: string; answer?: Answer<T>; problem?: RequestProblem }>({})
  const [isLoading, setLoading] = useState(path !== undefined)
  const [count, setCount] = useState(0)
  const revived = revivals.value
  const adopt = (answer: Answer<T>): void => {
    if (path === undefined) return
    lastTold.set(path, answer)
    setState({ path, answer })
  }
  // Asked before the first paint, which a new page takes its time for.
  useLayoutEffect(() => {
    if (path === undefined) return undefined
    const controller = new AbortController()
    const load = async (): Promise<void> => {
      setLoading(true)
      try {
        adopt(await request<T>(path, { signal: controller.signal }))
      } catch (error) {
        if (controller.signal.aborted) return
        if (!(error instanceof RequestProblem)) throw error
        setState(before => (before.path === path ? { ...before, problem: error } : { path, problem: error }))
      }
      setLoading(false)
    }
    void load()
    const timer = everySeconds === undefined ? undefined : setInterval(() => void load(), everySeconds * 1000)
    return () => {
      clearInterval(timer)
      controller.abort()
    }
  }, [path, count, revived, everySeconds])
  const reload = (): void => setCount(before => before + 1)
  const shown = state.path === path ? state : {}
  // The same path has the same type.
  const answer = shown.answer ?? (lastTold.get(path ?? '') as Answer<T> | undefined)
  return { ...answer, problem: shown.problem, isLoading, reload, adopt }
}
