import {
  type DocumentLookup,
  parseJsonDocument,
  type ProviderDocument,
  type ProviderSecret,
  SecretError,
  type SecretLookup,
  type VersionLookup,
} from '@st/secrets-core/provider'
import type { AwsCalls } from './aws-calls.ts'
import type { JsonChange } from './change-json-secret.ts'
import type { SecretLayout } from './secret-layout.ts'
import type { Reading, SecretReader } from './secret-reader.ts'
import { type SecretOrigin, secretTextOf, type SecretValueAnswer } from './secret-value-answer.ts'

/** Between the version ids of several secrets. */
const separator = ','

/** One or several secrets, each of them a JSON object that holds many keys. */
export class JsonSecrets implements SecretLayout {
  readonly #names: () => readonly string[]
  readonly #reader: SecretReader
  readonly #calls: AwsCalls

  constructor(names: () => readonly string[], reader: SecretReader, calls: AwsCalls) {
    this.#names = names
    this.#reader = reader
    this.#calls = calls
  }

  async readSecret({ key, ...lookup }: SecretLookup, signal: AbortSignal): Promise<ProviderSecret | undefined> {
    const document = await this.readDocument(lookup, signal)
    const type = document?.unusable?.get(key)
    if (type !== undefined) {
      throw new SecretError('invalid', `Key "${key}" of secret "${this.#names().join('", "')}" holds an ${type}.`, {
        provider: this.#calls.provider,
        key,
        hint: 'Store the value as a string.',
      })
    }
    const value = document?.values.get(key)
    return value === undefined ? undefined : { value, version: document?.version, locator: document?.locator }
  }

  async readDocument({ known, ...lookup }: DocumentLookup, signal: AbortSignal): Promise<ProviderDocument | undefined> {
    const names = this.#requiredNames()
    const readings = await this.#read(names, lookup, signal)
    const failure = readings.find(reading => SecretError.isInstance(reading))
    if (failure) throw failure
    const found = readings.flatMap((reading, index) =>
      isAnswer(reading) ? { name: names[index] ?? '', answer: reading } : [],
    )
    if (found.length === 0) return readings.includes('deleted') ? deletedDocument : undefined
    const version = versionOf(readings)
    const locator = found.map(({ answer, name }) => answer.ARN ?? name).join(', ')
    if (version !== undefined && known?.version === version && known.locator === locator) return known
    return { ...this.#merged(found), version, locator }
  }

  async store(key: string, value: string, signal: AbortSignal): Promise<void> {
    await this.#change(this.#requiredNames().slice(0, 1), { key, value }, signal)
  }

  async remove(key: string, signal: AbortSignal): Promise<boolean> {
    await this.#change(this.#requiredNames(), { key }, signal)
    return true
  }

  async #change(names: readonly string[], change: JsonChange, signal: AbortSignal): Promise<void> {
    // Not loaded by those who only read.
    const { changeJsonSecret } = await import('./change-json-secret.ts')
    for (const name of names) await changeJsonSecret({ name, reader: this.#reader, calls: this.#calls }, change, signal)
  }

  #requiredNames(): readonly string[] {
    const names = this.#names()
    if (names.length > 0) return names
    throw noSecretNamed(this.#calls.provider)
  }

  async #read(names: readonly string[], lookup: VersionLookup, signal: AbortSignal): Promise<readonly Reading[]> {
    const { version, stage } = lookup
    if (names.length > 1 && version === undefined && stage === undefined) {
      const readings = await this.#reader.readAll(names, signal)
      return names.map(name => readings.get(name) ?? 'missing')
    }
    const versions = version?.split(separator) ?? []
    return Promise.all(
      names.map(async (name, index) => {
        const own = versions.length === names.length ? versions[index] : version
        return own === '' ? 'missing' : this.#reader.read(name, { version: own, stage }, signal)
      }),
    )
  }

  /** Keys of all secrets; where several have one, the first. */
  #merged(found: readonly FoundSecret[]): Pick<ProviderDocument, 'values' | 'unusable'> {
    const values = new Map<string, string>()
    const unusable = new Map<string, string>()
    for (const { name, answer } of found) {
      const origin = this.#originOf(name)
      const document = parseJsonDocument(secretTextOf(answer, origin), origin)
      const isNew = ([key]: readonly [string, string]): boolean => !values.has(key) && !unusable.has(key)
      const [newValues, newUnusable] = [[...document.values].filter(isNew), [...document.unusable].filter(isNew)]
      for (const [key, value] of newValues) values.set(key, value)
      for (const [key, type] of newUnusable) unusable.set(key, type)
    }
    return { values, unusable }
  }

  #originOf(name: string): SecretOrigin {
    return { subject: `Secret "${name}"`, provider: this.#calls.provider }
  }
}

/** The error of a provider that is not told which secret to read. */
export function noSecretNamed(provider: string): SecretError {
  const hint = 'Pass secretName or set SIMPLETUNER_AWS_SECRET_NAME.'
  return new SecretError('not_configured', 'No AWS secret is named.', { provider, hint })
}

interface FoundSecret {
  readonly name: string
  readonly answer: SecretValueAnswer
}

/** A secret that is scheduled for deletion holds no key, and its provider says why. */
const deletedDocument: ProviderDocument & { readonly detail: string } = { values: new Map(), detail: 'deleted' }

function isAnswer(reading: Reading): reading is SecretValueAnswer {
  return typeof reading === 'object' && !SecretError.isInstance(reading)
}

/** The version ids of all secrets, with nothing in place of one that is missing. */
function versionOf(readings: readonly Reading[]): string | undefined {
  const ids = readings.map(reading => (isAnswer(reading) ? reading.VersionId : ''))
  return ids.includes(undefined) ? undefined : ids.join(separator)
}
