import { useLayoutEffect, useState } from 'preact/hooks'

/** A value that parts of the page show. */
export interface Signal<T> {
  value: T
  /** Calls a function each time that it has changed, until the function that it gives is called. */
  readonly subscribe: (listener: () => void) => () => void
}

/** A value whose changes are seen by the components that watch it. */
export function signal<T>(initial: T): Signal<T> {
  const listeners = new Set<() => void>()
  let current = initial
  return {
    get value() {
      return current
    },
    set value(next) {
      if (Object.is(next, current)) return
      current = next
      for (const listener of listeners) listener()
    },
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Draws a component, with all that is in it, anew when one of these changes. */
export function useSignals(...watched: readonly Pick<Signal<unknown>, 'subscribe'>[]): void {
  const [, setCount] = useState(0)
  useLayoutEffect(() => {
    const ends = watched.map(({ subscribe }) => subscribe(() => setCount(count => count + 1)))
    return () => ends.forEach(end => end())
  }, [])
}
