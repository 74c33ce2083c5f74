import type { ParsedSecrets, SecretsFormat } from './secrets-format.ts'
import { TextFault } from './text-fault.ts'

/** One change to make: a key gets a value, or goes when the value is `undefined`. */
export interface SecretEdit {
  readonly key: string
  readonly value: string | undefined
}

/** The edit cannot be made in this text without changing something else. */
export class EditRefusal extends Error {
  /** What to do about it. */
  readonly hint: string

  /**
   * @param reason - Why; names no value.
   * @param hint - What to do about it.
   */
  constructor(reason: string, hint: string) {
    super(reason)
    this.name = 'EditRefusal'
    this.hint = hint
  }
}

const nothing: ParsedSecrets = { values: new Map(), unusable: new Map(), duplicates: new Set() }

/**
 * Makes the edit, then reads the result: unless it says exactly what the text said before, with this one key changed,
 * nothing is written.
 *
 * @param text - What the file holds; `undefined` when there is none.
 * @throws TextFault when the text cannot be read.
 * @throws EditRefusal when the result would not read back as it should.
 */
export function editedText(format: SecretsFormat, text: string | undefined, edit: SecretEdit): string {
  const before = text === undefined ? nothing : format.parse(text)
  const result = applied(format, text, edit)
  const after = parsedBack(format, result)
  if (!after || !isSameWithEdit({ before, after }, edit)) {
    throw new EditRefusal(
      `this ${format.language} text does not let the key be changed by itself`,
      'Edit the file by hand: the key may share its value with another one.',
    )
  }
  return result
}

function applied(format: SecretsFormat, text: string | undefined, { key, value }: SecretEdit): string {
  return value === undefined ? format.withoutKey(text ?? '', key) : format.withValue(text, key, value)
}

function parsedBack(format: SecretsFormat, text: string): ParsedSecrets | undefined {
  try {
    // By way of bytes: a lone surrogate has none.
    return format.parse(Buffer.from(text, 'utf8').toString('utf8'))
  } catch (error) {
    if (error instanceof TextFault) return undefined
    throw error
  }
}

interface Versions {
  readonly before: ParsedSecrets
  readonly after: ParsedSecrets
}

function isSameWithEdit({ before, after }: Versions, { key, value }: SecretEdit): boolean {
  const values = new Map(before.values)
  const unusable = new Map(before.unusable)
  unusable.delete(key)
  if (value === undefined) values.delete(key)
  else values.set(key, value)
  return isSameMap(values, after.values) && isSameMap(unusable, after.unusable)
}

/** Whether two maps hold the same, in whatever order. */
export function isSameMap(first: ReadonlyMap<string, string>, second: ReadonlyMap<string, string>): boolean {
  return first.size === second.size && [...first].every(([key, value]) => second.get(key) === value)
}
