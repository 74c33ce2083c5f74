import { TTLCache } from '@st/ttl-cache'
import { definedMembers } from '../contract/defined-members.ts'
import type { Read } from './resolution.ts'

/** One run of the callback of `withSecret`. */
export interface SecretAttempt {
  /** 1, then 2 after a refresh. */
  readonly attempt: number
  /** Version id of the value, where its source has versions; of the first key, where there are several. */
  readonly version?: string
  /** The signal that was given to `withSecret`, or one that never aborts. */
  readonly signal: AbortSignal
}

/** How `withSecret` tells and treats a refused credential. */
export interface WithSecretOptions {
  /** Whether an error of the callback means that the value was refused. Default: {@link isAuthError}. */
  readonly isAuthError?: ((error: unknown) => boolean) | undefined
  /** Seconds to keep asking for another value while the source is still rotating. Default 0: ask once. */
  readonly waitForRotation?: number | undefined
  /** Ends the waits with the signal's reason, and is handed to the callback. */
  readonly signal?: AbortSignal | undefined
}

/** What a {@link CredentialUse} needs of its manager. */
export interface CredentialSource {
  /** The keys' values of one moment; rejects when one cannot be had. */
  read(
    keys: readonly string[],
    options: { readonly fresh: boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<readonly Read[]>
  /** Called before a refresh. */
  refused(keys: readonly string[]): void
  /** Whether an error means that the values were refused, unless the caller knows better. */
  readonly isAuthError: (error: unknown) => boolean
  /** Waits for some milliseconds; an abort ends the wait with the signal's reason. */
  pause(pauseMs: number, signal: AbortSignal): Promise<void>
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Seconds for which a value that was refused and is still the same at its source is not asked for again. */
const coolDown = 10
const waitingStepMs = 500

/** Uses of credentials that may be rotated meanwhile. */
export class CredentialUse {
  readonly #source: CredentialSource
  /** Groups of keys that were refreshed lately and had not changed. */
  readonly #unchanged: TTLCache<true>
  /** Keeps nothing: of it, only that many callers share one load. */
  readonly #looks = new TTLCache<readonly Read[] | undefined>({ name: 'secrets.looks' })

  constructor(source: CredentialSource) {
    this.#source = source
    this.#unchanged = new TTLCache({ name: 'secrets.refused', defaultTtl: coolDown, now: source.now })
  }

  /**
   * Runs `use`; when it fails because the values are refused, reads them at their source and, if one has changed, runs
   * `use` once more. Any number of callers that fail at once share one read.
   */
  async run<R>(
    keys: readonly string[],
    use: (reads: readonly Read[], attempt: SecretAttempt) => R | PromiseLike<R>,
    options: WithSecretOptions,
  ): Promise<R> {
    const { signal = new AbortController().signal, isAuthError: isRefusal = this.#source.isAuthError } = options
    const used = await this.#source.read(keys, { fresh: false, signal })
    try {
      return await use(used, { attempt: 1, ...versionOf(used), signal })
    } catch (error) {
      const renewed = isRefusal(error) ? await this.#renewed(keys, used, { ...options, signal }) : undefined
      if (renewed === undefined) throw error
      return await use(renewed, { attempt: 2, ...versionOf(renewed), signal })
    }
  }

  /** Other values than those that were refused; `undefined` when there are none, or they cannot be had. */
  async #renewed(
    keys: readonly string[],
    used: readonly Read[],
    { waitForRotation = 0, signal }: WithSecretOptions & { readonly signal: AbortSignal },
  ): Promise<readonly Read[] | undefined> {
    const group = JSON.stringify(keys)
    const endsAt = this.#source.now() + waitForRotation * 1000
    // Another caller may have fetched them while this one was being refused.
    let reads = await this.#read(keys, { fresh: false, signal })
    if (isOther(reads, used)) return reads
    if (waitForRotation <= 0 && this.#unchanged.has(group)) return undefined
    this.#source.refused(keys)
    reads = await this.#read(keys, { fresh: true, signal })
    while (!isOther(reads, used) && this.#source.now() + waitingStepMs < endsAt) {
      reads = await this.#nextLook(keys, group, signal)
    }
    if (isOther(reads, used)) return reads
    this.#unchanged.set(group, true)
    return undefined
  }

  /** One look at the source, a while from now, serves all who wait for its next value. */
  #nextLook(keys: readonly string[], group: string, signal: AbortSignal): Promise<readonly Read[] | undefined> {
    const look = async (waiting: AbortSignal): Promise<readonly Read[] | undefined> => {
      await this.#source.pause(waitingStepMs, waiting)
      return this.#read(keys, { fresh: true, signal: waiting })
    }
    return this.#looks.getOrSetAsync(group, look, { ttl: 0, signal })
  }

  /** A source that cannot be asked now has no other value; the caller is told of the refusal. */
  async #read(
    keys: readonly string[],
    options: { readonly fresh: boolean; readonly signal: AbortSignal },
  ): Promise<readonly Read[] | undefined> {
    try {
      return await this.#source.read(keys, options)
    } catch {
      options.signal.throwIfAborted()
      return undefined
    }
  }
}

function isOther(reads: readonly Read[] | undefined, used: readonly Read[]): reads is readonly Read[] {
  return reads?.some((read, index) => read.kept.value !== used[index]?.kept.value) ?? false
}

function versionOf([first]: readonly Read[]): { readonly version?: string } {
  return definedMembers({ version: first?.kept.answer.winner?.answer.secret.version })
}
