/** Neutral names for what AWS calls staging labels and Vault versions. */
export type SecretStage = 'current' | 'previous' | 'pending'

/** Which version is meant. Without `version` and `stage`: the current one. */
export interface VersionLookup {
  /** Version id of the source. */
  readonly version?: string | undefined
  /** Its place in a rotation. */
  readonly stage?: SecretStage | undefined
}

/** What is asked for. */
export interface SecretLookup extends VersionLookup {
  /** As the caller wrote it; each provider applies its own normalization. */
  readonly key: string
}

/** What a source says about what it answered. */
export interface ProviderProvenance {
  /** Version id: reads with the same id hold the same value. */
  readonly version?: string | undefined
  /** Seconds for which the source vouches for the answer; caps how long it is kept. `0` = ask each time. */
  readonly ttl?: number | undefined
  /** Where it was found, for people: a variable, a path, an ARN. Never a value. */
  readonly locator?: string | undefined
}

/** One value with its provenance. */
export interface ProviderSecret extends ProviderProvenance {
  /** The value; an empty one counts as missing. */
  readonly value: string
}

/** All keys of a source that keeps them in one object: a file, a JSON secret, a KV path. Answers every key, also with no. */
export interface ProviderDocument extends ProviderProvenance {
  /** Every key that holds a string. A map, so that keys such as `__proto__` are ordinary. */
  readonly values: ReadonlyMap<string, string>
  /** Keys that are there and hold no string, with what they hold instead (`'array'`, `'object'`). */
  readonly unusable?: ReadonlyMap<string, string> | undefined
  /** Refinement for the trace of keys that it does not hold: `'deleted'`, `'destroyed'`. */
  readonly detail?: string | undefined
}

/** Which document is asked for. */
export interface DocumentLookup extends VersionLookup {
  /** The document the manager has; return this very object when the source has not changed. */
  readonly known?: ProviderDocument | undefined
}
