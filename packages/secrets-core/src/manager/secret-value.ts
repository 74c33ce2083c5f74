/** What `util.inspect` asks for, by its documented name: importing `node:util` would cost every start milliseconds. */
const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom')

/** A value that does not print: templates, JSON, `util.inspect` and `console.log` show `[secret KEY]`. */
export interface SecretValue {
  /** As the caller wrote it. */
  readonly key: string
  /** Name of the provider it came from. */
  readonly source: string
  /** Version id of the source, where it has versions. */
  readonly version?: string
  /** The value itself. */
  reveal(): string
  /** Compares in constant time. */
  equals(other: string | SecretValue): boolean
  /** `[secret KEY]`. */
  toString(): string
  /** `[secret KEY]`. */
  toJSON(): string
}

/** Where a value came from. */
export interface SecretOrigin {
  readonly key: string
  readonly source: string
  readonly version?: string | undefined
}

/** Makes a {@link SecretValue}. */
export function secretValue(value: string, origin: SecretOrigin): SecretValue {
  return new GuardedValue(value, origin)
}

class GuardedValue implements SecretValue {
  readonly key: string
  readonly source: string
  declare readonly version?: string
  readonly #value: string

  constructor(value: string, { key, source, version }: SecretOrigin) {
    this.#value = value
    this.key = key
    this.source = source
    if (version !== undefined) this.version = version
  }

  reveal(): string {
    return this.#value
  }

  equals(other: string | SecretValue): boolean {
    return isEqual(this.#value, typeof other === 'string' ? other : other.reveal())
  }

  toString(): string {
    return `[secret ${this.key}]`
  }

  toJSON(): string {
    return this.toString()
  }

  [Symbol.toPrimitive](): string {
    return this.toString()
  }

  [inspectCustom](): string {
    return this.toString()
  }
}

function isEqual(first: string, second: string): boolean {
  // Loaded when it is needed, because it would make up half of the time that this package takes to load.
  const { createHash, timingSafeEqual } = process.getBuiltinModule('node:crypto')
  const digest = (value: string): Uint8Array => createHash('sha256').update(value).digest()
  // Digests have one length, which `timingSafeEqual` asks for, and hide the length of the value.
  return timingSafeEqual(digest(first), digest(second))
}
