import { type KeyList, type ListFailure, SecretError, type SecretsManager } from '@st/secrets-core'

/** A value that must not be found anywhere, and what it is called. */
export interface KnownSecret {
  /** Never printed. */
  readonly value: string
  /** Keys that have this value, the first one first. */
  readonly keys: readonly string[]
}

/** Everything that is to be looked for. */
export interface KnownSecrets {
  /** Each value once. */
  readonly secrets: readonly KnownSecret[]
  /** Providers that could not be asked: their values are not among them. */
  readonly failed: KeyList['failed']
}

/** The slice of a manager that is asked. */
export type SecretSource = Pick<SecretsManager, 'list' | 'getMany' | 'providers'>

/** How {@link knownSecrets} asks. */
export interface KnownSecretsOptions {
  /** Keys that are asked for whether or not a provider lists them. */
  readonly include: readonly string[]
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

/**
 * The values of all keys, also those of providers that do not get to answer: a shadowed secret is a secret.
 *
 * @throws The reason of `signal`.
 */
export async function knownSecrets(source: SecretSource, options: KnownSecretsOptions): Promise<KnownSecrets> {
  const { include, signal } = options
  const { keys, failed } = await source.list({ include, signal })
  const found = keys.filter(({ status }) => status === 'found')
  const winners = await source.getMany(
    found.map(({ key }) => key),
    { signal },
  )
  const failures = [...failed]
  const below = found.flatMap(({ key, shadowed }) =>
    shadowed.filter(({ sameValue }) => !sameValue).map(({ provider }) => ({ key, provider })),
  )
  const values: [string, string | undefined][] = Object.entries(winners)
  for (const hidden of below) values.push(...(await shadowedValues(source, { ...hidden, signal, failures })))
  return { secrets: byValue(values), failed: failures }
}

interface Shadowed {
  readonly key: string
  readonly provider: string
  readonly signal: AbortSignal
  readonly failures: ListFailure[]
}

async function shadowedValues(
  { providers }: SecretSource,
  { key, provider, signal, failures }: Shadowed,
): Promise<readonly [string, string | undefined][]> {
  const values: [string, string | undefined][] = []
  // A second provider of one name is `name-2` in a chain; asking both finds more, not less.
  for (const one of providers.filter(({ name }) => provider === name || provider.startsWith(`${name}-`))) {
    try {
      values.push([key, await one.getSecret(key, { signal })])
    } catch (error) {
      const kind = SecretError.isInstance(error) ? error.kind : 'unavailable'
      failures.push({ provider, kind, message: `Provider "${provider}" could not be asked for "${key}".` })
    }
  }
  return values
}

function byValue(values: readonly (readonly [key: string, value: string | undefined])[]): readonly KnownSecret[] {
  const keysOf = new Map<string, string[]>()
  for (const [key, value] of values) {
    if (value === undefined) continue
    const keys = keysOf.get(value) ?? []
    if (!keys.includes(key)) keys.push(key)
    keysOf.set(value, keys)
  }
  return [...keysOf].map(([value, keys]) => ({ value, keys }))
}
