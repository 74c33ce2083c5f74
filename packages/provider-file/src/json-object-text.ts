import { TextFault } from './text-fault.ts'

/** One member of a JSON object, by its place in the text. */
export interface JsonMember {
  readonly key: string
  /** The key as it is written, quotes included. */
  readonly keySource: string
  /** The value as it is written. */
  readonly valueSource: string
}

/** A JSON text whose top level is an object. */
export interface JsonObjectText {
  /** Every member in order, duplicates included. */
  readonly members: readonly JsonMember[]
  /** What separates the opening brace from the first member, or from the closing brace. */
  readonly leading: string
  /** What follows the closing brace. */
  readonly trailing: string
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const literal = /true|false|null/y
const whitespace = /[ \t\n\r]*/y
const escape = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

/**
 * Reads the members of a JSON object without turning values into JavaScript values, which would round numbers and drop
 * duplicates. Accepts exactly what RFC 8259 allows.
 *
 * `parseJsonDocument` of `@st/secrets-core/provider` reads the same objects for providers that only read: by `JSON.parse`,
 * which says neither where a member stands nor that it stands there twice, and refuses deep nesting. A file that is
 * edited in place is read and edited by this one scanner, so that no edit goes by another reading than the values did.
 *
 * @throws TextFault when the text is no JSON, or JSON and no object.
 */
export function readJsonObject(text: string): JsonObjectText {
  const scanner = new JsonScanner(text)
  scanner.skipWhitespace()
  if (!scanner.isAt('{')) {
    scanner.skipValue()
    scanner.expectEnd()
    throw new TextFault('not_an_object', 'JSON')
  }
  const object = scanner.readObject()
  const trailing = scanner.rest()
  scanner.expectEnd()
  return { ...object, trailing }
}

class JsonScanner {
  readonly #text: string
  #offset = 0

  constructor(text: string) {
    this.#text = text
  }

  isAt(character: string): boolean {
    return this.#text[this.#offset] === character
  }

  rest(): string {
    return this.#text.slice(this.#offset)
  }

  readObject(): Pick<JsonObjectText, 'members' | 'leading'> {
    const members: JsonMember[] = []
    this.#expect('{')
    const leading = this.skipWhitespace()
    while (members.length > 0 ? !this.#isAtEndOf('}') : !this.isAt('}')) members.push(this.#readMember())
    this.#expect('}')
    return { members, leading }
  }

  /** Passes one value of any kind; nesting costs no stack. */
  skipValue(): void {
    const open: string[] = []
    do {
      this.skipWhitespace()
      if (this.#entersContainer(open)) continue
      while (open.length > 0 && this.#isAtEndOf(open.at(-1) ?? '')) {
        this.#offset += 1
        open.pop()
      }
      if (open.at(-1) === '}') this.#skipKey()
    } while (open.length > 0)
  }

  skipWhitespace(): string {
    return this.#match(whitespace) ?? ''
  }

  expectEnd(): void {
    this.skipWhitespace()
    if (this.#offset < this.#text.length) this.#fail()
  }

  #readMember(): JsonMember {
    const keyStart = this.#offset
    this.#skipString()
    const keySource = this.#text.slice(keyStart, this.#offset)
    this.#skipColon()
    const valueStart = this.#offset
    this.skipValue()
    // A string that the scanner has passed is one that `JSON.parse` reads as a string.
    const key = JSON.parse(keySource) as string
    return { key, keySource, valueSource: this.#text.slice(valueStart, this.#offset) }
  }

  /** True when a container with something in it begins here: then its first value is next. Passes every other value. */
  #entersContainer(open: string[]): boolean {
    if (!this.isAt('{') && !this.isAt('[')) {
      this.#skipScalar()
      return false
    }
    const closing = this.isAt('{') ? '}' : ']'
    this.#offset += 1
    this.skipWhitespace()
    if (this.isAt(closing)) {
      this.#offset += 1
      return false
    }
    open.push(closing)
    if (closing === '}') this.#skipKey()
    return true
  }

  /** Whether the container ends here; if not, passes the comma before what follows. */
  #isAtEndOf(closing: string): boolean {
    this.skipWhitespace()
    if (this.isAt(closing)) return true
    this.#expect(',')
    this.skipWhitespace()
    return false
  }

  #skipKey(): void {
    this.#skipString()
    this.#skipColon()
  }

  #skipColon(): void {
    this.skipWhitespace()
    this.#expect(':')
    this.skipWhitespace()
  }

  #skipScalar(): void {
    if (this.isAt('"')) this.#skipString()
    else if (this.#match(number) === undefined && this.#match(literal) === undefined) this.#fail()
  }

  #skipString(): void {
    this.#expect('"')
    while (!this.isAt('"')) {
      if (this.isAt('\\')) {
        if (this.#match(escape) === undefined) this.#fail()
      } else if (this.#text.charCodeAt(this.#offset) >= 0x20) this.#offset += 1
      // Control characters have to be escaped (RFC 8259 §7); past the end the code is NaN.
      else this.#fail()
    }
    this.#offset += 1
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset
    const match = pattern.exec(this.#text)?.[0]
    this.#offset += match?.length ?? 0
    return match
  }

  #expect(character: string): void {
    if (!this.isAt(character)) this.#fail()
    this.#offset += 1
  }

  #fail(): never {
    throw new TextFault('syntax', 'JSON', { text: this.#text, offset: this.#offset })
  }
}
