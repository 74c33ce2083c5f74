import { types } from 'node:util'
import { bytesMarker, describeBytes, markersInBytes } from './describe-bytes.ts'
import { ERROR_MEMBERS, errorMember, isError, otherErrorKeys } from './error-members.ts'
import type { KnownValues } from './known-values.ts'
import { classNameOf, nameOf, prototypesOf } from './object-shape.ts'
import { primitiveOf } from './primitive-of.ts'
import { redactText } from './redact-text.ts'

/** How much of an object is copied; a log that is longer helps nobody. */
const [MOST_LEVELS, MOST_MEMBERS, MOST_OBJECTS] = [10, 1000, 10_000]

/** A copy of anything as plain data with every known value replaced. Never throws. */
export function redactValue(input: unknown, known: KnownValues): unknown {
  return new PlainCopy(known).of(input)
}

class PlainCopy {
  readonly #known: KnownValues
  /** The objects that the present one is in. */
  readonly #around = new Set<object>()
  #objects = 0

  constructor(known: KnownValues) {
    this.#known = known
  }

  of(input: unknown): unknown {
    switch (typeof input) {
      case 'string':
        return this.#text(input)
      case 'number':
      case 'bigint':
        return this.#number(input)
      case 'symbol':
        return this.#text(String(input))
      case 'function':
        return this.#text(`[Function: ${nameOf(input) || 'anonymous'}]`)
      case 'object':
        return input === null ? null : this.#object(input)
      default:
        return input
    }
  }

  #text(text: string): string {
    return redactText(text, this.#known)
  }

  /** Log formats know no bigint. */
  #number(value: number | bigint): unknown {
    const text = String(value)
    const redacted = this.#text(text)
    if (redacted !== text) return redacted
    return typeof value === 'number' ? value : `${text}n`
  }

  #object(value: object): unknown {
    if (this.#around.has(value)) return '[Circular]'
    this.#objects += 1
    if (this.#around.size >= MOST_LEVELS || this.#objects > MOST_OBJECTS) return '[Truncated]'
    this.#around.add(value)
    try {
      return this.#content(value)
    } catch {
      return '[Unreadable]'
    } finally {
      this.#around.delete(value)
    }
  }

  #content(value: object): unknown {
    if (types.isProxy(value)) return '[Proxy]'
    if (Array.isArray(value)) return this.#array(value)
    if (types.isMap(value) || types.isSet(value)) return this.#collection(value)
    if (types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value)) return this.#bytes(value)
    if (isError(value)) return this.#error(value)
    // By name first: to look at the class is to load the HTTP client of Node.
    if (classNameOf(value) === 'Headers') return this.#headers(value)
    const primitive = primitiveOf(value)
    return primitive === undefined ? this.#instance(value) : this.of(primitive)
  }

  #array(value: readonly unknown[]): unknown {
    const { length } = value
    const members = Array.from({ length: Math.min(length, MOST_MEMBERS) }, (_, index) =>
      Object.getOwnPropertyDescriptor(value, index),
    )
    const bytes = this.#bytesIn(
      members.map(member => member?.value as unknown),
      length,
    )
    if (bytes !== undefined) return bytes
    const copy = members.map(member => this.#member(member))
    if (length > MOST_MEMBERS) copy.push(moreThan(length))
    return copy
  }

  /** As `Buffer` writes itself in JSON; `undefined` where there is nothing to hide in what is not too long to show. */
  #bytesIn(numbers: readonly unknown[], length: number): string | undefined {
    if (!numbers.every(isByte)) return undefined
    const markers = markersInBytes(Buffer.from(numbers), this.#known)
    return markers.length === 0 && length <= MOST_MEMBERS ? undefined : bytesMarker('Array', length, markers)
  }

  #collection(value: ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>): unknown {
    const copy: unknown[] = []
    let size = 0
    const add = (member: unknown, key: unknown): void => {
      size += 1
      if (size <= MOST_MEMBERS) copy.push(types.isMap(value) ? [this.of(key), this.of(member)] : this.of(member))
    }
    // Past an iterator that the object itself may have.
    if (types.isMap(value)) Map.prototype.forEach.call(value, add)
    else Set.prototype.forEach.call(value, add)
    if (size > MOST_MEMBERS) copy.push(moreThan(size))
    return copy
  }

  #bytes(value: ArrayBufferLike | ArrayBufferView): string {
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(value) ? value : new Uint8Array(value)
    return describeBytes(new Uint8Array(buffer, byteOffset, byteLength), this.#text(classNameOf(value)), this.#known)
  }

  #error(value: object): unknown {
    const first = ERROR_MEMBERS.map(key => [key, errorMember(value, key)] as const)
    const others = otherErrorKeys(value).map(key => [key, Object.getOwnPropertyDescriptor(value, key)] as const)
    return this.#members([...first, ...others])
  }

  #headers(value: object): unknown {
    // Other classes have that name, too.
    if (!prototypesOf(value).includes(Headers.prototype)) return this.#instance(value)
    const members: [string, PropertyDescriptor][] = []
    // What it inherits from proves what it is; `forEach` throws where that was forged.
    Headers.prototype.forEach.call(value as Headers, (member, name) => members.push([name, { value: member }]))
    return this.#members(members)
  }

  #instance(value: object): unknown {
    const members = Reflect.ownKeys(value).map(key => [key, Object.getOwnPropertyDescriptor(value, key)] as const)
    const shown = members.filter(([, member]) => member?.enumerable)
    const name = classNameOf(value)
    return shown.length === 0 && name !== 'Object' ? this.#text(`[${name}]`) : this.#members(shown)
  }

  #members(members: readonly (readonly [PropertyKey, PropertyDescriptor | undefined])[]): unknown {
    const copy = {}
    for (const [key, member] of members.slice(0, MOST_MEMBERS)) {
      if (member !== undefined) define(copy, this.#text(String(key)), this.#member(member))
    }
    if (members.length > MOST_MEMBERS) define(copy, '…', moreThan(members.length))
    return copy
  }

  #member(member: PropertyDescriptor | undefined): unknown {
    if (member === undefined || 'value' in member) return this.of(member?.value)
    return member.get === undefined ? '[Setter]' : '[Getter]'
  }
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && (value & 0xff) === value
}

function moreThan(count: number): string {
  return `[${count - MOST_MEMBERS} more]`
}

/** Not by assignment, which takes `__proto__` for something else. Redacted keys may be the same. */
function define(copy: object, key: string, value: unknown): void {
  let name = key
  for (let count = 2; Object.hasOwn(copy, name); count += 1) name = `${key} (${count})`
  Object.defineProperty(copy, name, { value, enumerable: true, writable: true, configurable: true })
}
