import type { SecretProvider } from '../contract/secret-provider.ts'

/** A call of a provider that has not been answered. */
export interface HeldCall {
  readonly key: string
  readonly signal: AbortSignal
  /** Answers it. */
  readonly resolve: (value: string | undefined) => void
  readonly reject: (error: unknown) => void
}

/** A provider that answers when the test says so. */
export interface HeldProvider extends SecretProvider {
  /** In the order in which they were made. */
  readonly calls: HeldCall[]
}

/** Keeps every call waiting. */
export function heldProvider(name: string): HeldProvider {
  const calls: HeldCall[] = []
  return {
    name,
    calls,
    isAvailable: () => true,
    getSecret: async (key, { signal }) => {
      const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
      calls.push({ key, signal, resolve, reject })
      return promise
    },
  }
}
