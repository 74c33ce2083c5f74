import type { LoadFactory, LoadOptions } from './load-options.ts'
import { SharedLoad } from './shared-load.ts'

/** A synchronous factory that is running. */
interface Computation {
  readonly key: string
  isCurrent: boolean
}

/** What a synchronous factory returned. */
export interface Computed<R> {
  readonly value: R
  /** False when the key was written or invalidated while the factory ran. */
  readonly isCurrent: boolean
}

/** Who asks for a value, before it is known whether a load has to run for it. */
export interface LoadRequest<V> {
  readonly key: string
  begin(): LoadRun<V>
}

/** One run of a factory, which begins now. */
export interface LoadRun<V> {
  readonly factory: LoadFactory<V>
  /**
   * Called with the value before anybody learns of it. What this throws, all who wait get instead.
   *
   * @param isCurrent - False when the key was written or invalidated, or everybody left, while the factory ran.
   */
  keep(value: V, isCurrent: boolean): void
  /** Called when the factory failed, before anybody learns of it. */
  fail(): void
}

/** The factories that are running, and which of their results may still be kept. */
export class Loads<V> {
  readonly #shared = new Map<string, SharedLoad<V>>()
  readonly #computations = new Set<Computation>()

  /** Whether no factory is running. */
  get isIdle(): boolean {
    return this.#shared.size === 0 && this.#computations.size === 0
  }

  /** Joins the running load of the key or starts one. Who wants a fresh value joins only those who want one too. */
  share(request: LoadRequest<V>, { signal, fresh }: LoadOptions<never>): Promise<V> {
    const isFresh = fresh === true
    if (isFresh && this.#shared.get(request.key)?.isFresh !== true) this.supersede(request.key)
    const load = this.#shared.get(request.key) ?? this.#start(request, isFresh)
    return load.wait(signal, () => {
      this.#forget(load)
    })
  }

  /** Starts a load for nobody in particular, unless one is running. */
  refresh(request: LoadRequest<V>): void {
    if (!this.#shared.has(request.key)) void this.#start(request, false).runUnwatched()
  }

  /** Runs a synchronous factory. */
  compute<R>(key: string, factory: () => R): Computed<R> {
    const computation: Computation = { key, isCurrent: true }
    this.#computations.add(computation)
    try {
      const value = factory()
      return { value, isCurrent: computation.isCurrent }
    } finally {
      this.#computations.delete(computation)
    }
  }

  /** The key was written or removed: what is being loaded for it is out of date, and the next call loads anew. */
  supersede(key: string): void {
    if (this.isIdle) return
    this.#shared.delete(key)
    for (const computation of this.#computations) {
      if (computation.key === key) computation.isCurrent = false
    }
  }

  /** The same for every key that begins with `prefix`. */
  supersedePrefix(prefix: string): void {
    for (const key of this.#shared.keys()) {
      if (key.startsWith(prefix)) this.#shared.delete(key)
    }
    for (const computation of this.#computations) {
      if (computation.key.startsWith(prefix)) computation.isCurrent = false
    }
  }

  #start(request: LoadRequest<V>, isFresh: boolean): SharedLoad<V> {
    const run = request.begin()
    const load = new SharedLoad<V>(request.key, isFresh)
    // Known before the factory runs, so that an invalidation by the factory itself counts.
    this.#shared.set(request.key, load)
    void load.run(run.factory, {
      arrived: value => run.keep(value, this.#forget(load)),
      failed: () => {
        this.#forget(load)
        run.fail()
      },
    })
    return load
  }

  /** Whether the load was still the one that the next caller would have joined. */
  #forget(load: SharedLoad<V>): boolean {
    return this.#shared.get(load.key) === load && this.#shared.delete(load.key)
  }
}
