import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { RandomText } from './__fixtures__/random-text.ts'
import { randomValues } from './__fixtures__/random-values.ts'
import { tracesOf } from './__fixtures__/traces-of.ts'
import { createRedactor } from './redactor.ts'

const value = 'correct "horse" bättery'
const redactor = createRedactor()
redactor.protect(value, 'TOKEN')
redactor.protect('hunt7', 'PIN')
redactor.protect('12345678', 'NUMBER')

/** What must never be run. */
const run = () => {
  throw new Error('code of the object was run')
}

describe('value', () => {
  it.each([
    ['a string', value, '[TOKEN]'],
    ['a string that is a short value', 'hunt7', '[PIN]'],
    ['a string that holds a short value', 'hunt77', 'hunt77'],
    ['true', true, true],
    ['null', null, null],
    ['undefined', undefined, undefined],
    ['a number', 1.5, 1.5],
    ['no number', Number.NaN, Number.NaN],
    ['a number that is a value', 12_345_678, '[NUMBER]'],
    ['a bigint', 10n, '10n'],
    ['a bigint that is a value', 12_345_678n, '[NUMBER]'],
    ['a symbol', Symbol(value), 'Symbol([TOKEN])'],
    ['a boxed string', Object(value), '[TOKEN]'],
    ['a boxed number', Object(12_345_678), '[NUMBER]'],
    ['a boxed boolean', Object(false), false],
    ['a boxed bigint', Object(1n), '1n'],
    ['a boxed symbol', Object(Symbol(value)), 'Symbol([TOKEN])'],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['no date', new Date(Number.NaN), 'Invalid Date'],
    ['a pattern', /correct "horse" bättery/g, '/[TOKEN]/g'],
    ['a URL', new URL(`https://user:${encodeURIComponent(value)}@example.org`), 'https://user:[TOKEN]@example.org/'],
    ['a query', new URLSearchParams({ pin: value, page: '1' }), 'pin=[TOKEN]&page=1'],
    ['headers', new Headers({ authorization: `Basic ${btoa('user:hunt7')}` }), { authorization: 'Basic dXNlcj[PIN]' }],
    ['an array', [value, [value], 1], ['[TOKEN]', ['[TOKEN]'], 1]],
    [
      'a map',
      new Map<unknown, unknown>([
        [value, 1],
        [{ pin: 'hunt7' }, value],
      ]),
      [
        ['[TOKEN]', 1],
        [{ pin: '[PIN]' }, '[TOKEN]'],
      ],
    ],
    ['a set', new Set([value, { pin: 'hunt7' }]), ['[TOKEN]', { pin: '[PIN]' }]],
    ['an object', { a: { b: value }, [value]: 1 }, { a: { b: '[TOKEN]' }, '[TOKEN]': 1 }],
    ['an object without prototype', Object.assign(Object.create(null), { a: value }), { a: '[TOKEN]' }],
    ['an object with a symbol for a key', { [Symbol(value)]: value }, { 'Symbol([TOKEN])': '[TOKEN]' }],
    ['a function', Object.assign(() => 1, { token: value }), '[Function: anonymous]'],
    ['a promise', Promise.resolve(value), '[Promise]'],
    ['a weak map', new WeakMap(), '[WeakMap]'],
    ['an object with nothing in it', {}, {}],
  ])('copies %s', (_, input, copy) => {
    expect(redactor.value(input)).toEqual(copy)
  })

  it('copies members of instances that can be seen, and names those without any', () => {
    class Session {
      readonly user = 'me'
      readonly token = value
      readonly #secret = value
      get secret(): string {
        return this.#secret
      }
    }
    class Sealed {
      readonly #secret = value
      get secret(): string {
        return this.#secret
      }
    }

    expect(redactor.value([new Session(), new Sealed()])).toEqual([{ user: 'me', token: '[TOKEN]' }, '[Sealed]'])
  })

  it('takes a class of the same name for what it is', () => {
    class Headers {
      readonly authorization = value
    }

    expect(redactor.value(new Headers())).toEqual({ authorization: '[TOKEN]' })
  })

  it('leaves out members of objects that are not to be seen', () => {
    expect(redactor.value(Object.defineProperty({ a: 1 }, 'b', { value }))).toEqual({ a: 1 })
  })

  it('is an object like any other', () => {
    const copy = Object(redactor.value({ a: value }))

    expect(Object.getOwnPropertyDescriptor(copy, 'a')).toEqual({
      value: '[TOKEN]',
      enumerable: true,
      writable: true,
      configurable: true,
    })
  })

  it('leaves the input as it is', () => {
    const input = { a: [value], m: new Map([['k', value]]) }

    redactor.value(input)

    expect(input).toEqual({ a: [value], m: new Map([['k', value]]) })
  })

  it('names functions and classes, redacted', () => {
    const functions = [
      function start() {},
      class Session {
        user = 'me'
      },
      { [value]: () => 1 }[value],
    ]

    expect(redactor.value(functions)).toEqual(['[Function: start]', '[Function: Session]', '[Function: [TOKEN]]'])
  })

  it('keeps members apart whose keys become the same', () => {
    expect(redactor.value({ [value]: 1, '[TOKEN]': 2, [JSON.stringify(value).slice(1, -1)]: 3 })).toEqual({
      '[TOKEN]': 1,
      '[TOKEN] (2)': 2,
      '[TOKEN] (3)': 3,
    })
  })

  it('copies __proto__ as a member like others', () => {
    const input: unknown = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}')

    const copy = redactor.value(input)

    expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":true},"constructor":1}')
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  })

  it('tells keys of arrays that are not there from undefined ones by nothing', () => {
    const sparse = [1]
    sparse[2] = 3

    expect(redactor.value(sparse)).toEqual([1, undefined, 3])
  })
})

describe('value of bytes', () => {
  const text = `token ${value}`

  it.each([
    ['a Buffer', Buffer.from(text)],
    ['a Uint8Array', new TextEncoder().encode(text)],
    ['a part of an ArrayBuffer', new Uint8Array(new TextEncoder().encode(`xx${text}xx`).buffer, 2, text.length + 1)],
    ['an ArrayBuffer', new TextEncoder().encode(text).buffer],
    ['a DataView', new DataView(new TextEncoder().encode(text).buffer)],
    ['shared memory', sharedBytes(text)],
  ])('is their text: %s', (_, bytes) => {
    expect(redactor.value(bytes)).toBe('token [TOKEN]')
  })

  it.each([
    ['of two bytes a character', Buffer.from(text, 'utf16le'), '[Buffer of 58 bytes: [TOKEN]]'],
    [
      'of two bytes a character, from an odd place on',
      Buffer.from(`\u{1}${text}`, 'utf16le').subarray(1),
      '[Buffer of 59 bytes: [TOKEN]]',
    ],
    ['of one byte a character', Buffer.from(text, 'latin1'), '[Buffer of 29 bytes: [TOKEN]]'],
    [
      'among others',
      Buffer.concat([Buffer.from([0, 255]), Buffer.from(text), Buffer.from('\0hunt7')]),
      '[Buffer of 38 bytes: [TOKEN], [PIN]]',
    ],
    ['that are no text', new Uint8Array([0, 1, 2]), '[Uint8Array of 3 bytes]'],
    ['that are numbers', new Float64Array([1.5]), '[Float64Array of 8 bytes]'],
    ['as an array of numbers', [...Buffer.from(text)], '[Array of 30 bytes: [TOKEN]]'],
    ['as JSON has them', Buffer.from('hunt7').toJSON(), { type: 'Buffer', data: '[Array of 5 bytes: [PIN]]' }],
    ['that are other numbers', [1, 2, 300], [1, 2, 300]],
  ])('names the values in bytes %s', (_, bytes, copy) => {
    expect(redactor.value(bytes)).toEqual(copy)
  })

  it('is text with tabs, line ends and colours', () => {
    expect(redactor.value(Buffer.from(`a\tb\r\n\u001B[31m${value}\u001B[0m`))).toBe(
      'a\tb\r\n\u001B[31m[TOKEN]\u001B[0m',
    )
  })

  it('does no harm to the memory of the process, at whichever address they are (nodejs/node#64697)', () => {
    const memory = new ArrayBuffer(4000)
    const parts = Array.from({ length: 600 }, (_, index) => new Uint8Array(memory, index % 4, 100 + index))

    const copies = parts.map(part => redactor.value(part.fill(0)))

    expect(copies).toEqual(parts.map(({ length }) => `[Uint8Array of ${length} bytes]`))
  })

  it('is their number where they are many', () => {
    expect(redactor.value(Buffer.alloc(65_537, value))).toBe('[Buffer of 65537 bytes]')
    expect(redactor.value(Buffer.alloc(65_536, 'a'))).toBe('a'.repeat(65_536))
  })
})

describe('value of an error', () => {
  it('is all of its members', () => {
    const error = Object.assign(new TypeError(`refused ${value}`, { cause: new Error(`by ${value}`) }), {
      code: 'EAUTH',
      request: { headers: { authorization: value } },
    })
    Object.defineProperty(error, 'hidden', { value, enumerable: false })

    const copy = redactor.value(error)

    expect(copy).toEqual({
      name: 'TypeError',
      message: 'refused [TOKEN]',
      stack: expect.stringMatching(/^TypeError: refused \[TOKEN\]\n +at /),
      cause: { name: 'Error', message: 'by [TOKEN]', stack: expect.stringContaining('Error: by [TOKEN]') },
      code: 'EAUTH',
      request: { headers: { authorization: '[TOKEN]' } },
      hidden: '[TOKEN]',
    })
    expect(Object.keys(Object(copy))).toEqual(['name', 'message', 'stack', 'cause', 'code', 'request', 'hidden'])
  })

  it('holds the errors of an AggregateError', () => {
    const error = new AggregateError([new Error(value), value], 'all failed')

    expect(redactor.value(error)).toMatchObject({ name: 'AggregateError', errors: [{ message: '[TOKEN]' }, '[TOKEN]'] })
  })

  it('is that of a DOMException', () => {
    const error = new DOMException(`aborted ${value}`, 'AbortError')

    expect(redactor.value(error)).toMatchObject({ name: 'AbortError', message: 'aborted [TOKEN]' })
  })

  it('is that of another realm', () => {
    const error: unknown = runInNewContext(`new RangeError('hunt7 refused')`)

    expect(redactor.value(error)).toMatchObject({
      name: 'RangeError',
      message: '[PIN] refused',
      stack: expect.stringContaining('RangeError: [PIN] refused'),
    })
  })

  it('is that of an object that only inherits from Error', () => {
    const error: unknown = Object.assign(Object.create(Error.prototype), { message: value })

    expect(redactor.value(error)).toEqual({ name: 'Error', message: '[TOKEN]' })
  })

  it('keeps what a stack or a message is instead of text', () => {
    const error = Object.assign(new Error('x'), { stack: [value], message: 12_345_678, name: undefined })

    expect(redactor.value(error)).toEqual({ name: undefined, message: '[NUMBER]', stack: ['[TOKEN]'] })
  })

  it('leaves out symbols that are not to be seen', () => {
    const error = Object.assign(new Error('x'), { [Symbol('seen')]: 1 })
    Object.defineProperty(error, Symbol('hidden'), { value: 2 })

    expect(Object.keys(Object(redactor.value(error)))).toEqual(['name', 'message', 'stack', 'Symbol(seen)'])
  })

  it('runs no getter of it', () => {
    class Lazy extends Error {
      override get message(): string {
        return run()
      }
    }
    const error = new Lazy()
    Object.defineProperty(error, 'stack', { get: run })
    Object.defineProperty(error, 'cause', { get: run, enumerable: true })

    expect(redactor.value(error)).toEqual({ name: 'Error', message: '[Getter]', stack: '[Getter]', cause: '[Getter]' })
  })

  it.each([
    ['bound', run.bind(undefined)],
    ['behind a proxy', new Proxy(run, {})],
  ])('runs no getter that only looks as if V8 had made it: %s', (_, get) => {
    const error = Object.defineProperty(new Error('x'), 'stack', { get })

    expect(redactor.value(error)).toEqual({ name: 'Error', message: 'x', stack: '[Getter]' })
  })
})

describe('value of what would run code', () => {
  const hostile = new Proxy({}, new Proxy({}, { get: run }))
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()

  it.each([
    ['a getter', Object.defineProperty({}, 'a', { get: run, enumerable: true }), { a: '[Getter]' }],
    ['a setter', Object.defineProperty({}, 'a', { set: run, enumerable: true }), { a: '[Setter]' }],
    ['a getter in an array', Object.defineProperty([1, 2], 0, { get: run }), ['[Getter]', 2]],
    ['toJSON', { toJSON: run, a: value }, { toJSON: '[Function: run]', a: '[TOKEN]' }],
    [
      'a date with toJSON',
      Object.assign(new Date(0), { toJSON: run, toISOString: run, getTime: run }),
      '1970-01-01T00:00:00.000Z',
    ],
    ['toString', { toString: run, valueOf: run }, { toString: '[Function: run]', valueOf: '[Function: run]' }],
    ['a boxed string with toString', Object.assign(Object(value), { toString: run, valueOf: run }), '[TOKEN]'],
    ['inspect', { [inspect.custom]: run }, { 'Symbol(nodejs.util.inspect.custom)': '[Function: run]' }],
    [
      'an iterator',
      Object.assign(new Map([['a', value]]), { [Symbol.iterator]: run, forEach: run, entries: run }),
      [['a', '[TOKEN]']],
    ],
    ['a set with an iterator', Object.assign(new Set([value]), { [Symbol.iterator]: run, forEach: run }), ['[TOKEN]']],
    [
      'a constructor',
      Object.create({
        get constructor() {
          return run()
        },
      }),
      {},
    ],
    ['a name of a class', Object.create({ constructor: Object.defineProperty(() => 1, 'name', { get: run }) }), {}],
    ['a name of a function', Object.defineProperty(() => 1, 'name', { get: run }), '[Function: anonymous]'],
    ['a proxy', hostile, '[Proxy]'],
    ['a proxy of an array', new Proxy([value], { get: run }), '[Proxy]'],
    ['a proxy of a function', new Proxy(run, { get: run, getOwnPropertyDescriptor: run }), '[Function: anonymous]'],
    ['a revoked proxy', revoked.proxy, '[Proxy]'],
    ['a proxy for a prototype', Object.create(hostile, { a: { value, enumerable: true } }), { a: '[TOKEN]' }],
    [
      'an accessor of a URL',
      Object.defineProperty(new URL('https://example.org'), 'href', { get: run }),
      'https://example.org/',
    ],
    ['what only looks like a URL', Object.create(URL.prototype), '[Unreadable]'],
    ['what only looks like headers', Object.create(Headers.prototype), '[Unreadable]'],
    ['bytes that were given away', detached(), '[Unreadable]'],
  ])('does not run %s', (_, input, copy) => {
    expect(redactor.value([input])).toEqual([copy])
  })
})

describe('value of what is large', () => {
  it('says where a cycle closes', () => {
    const input: Record<string, unknown> = { token: value }
    input['self'] = input
    input['list'] = [input]
    const map = new Map<unknown, unknown>()
    map.set('map', map)

    expect(redactor.value([input, map])).toEqual([
      { token: '[TOKEN]', self: '[Circular]', list: ['[Circular]'] },
      [['map', '[Circular]']],
    ])
  })

  it('copies what is in two places twice', () => {
    const shared = { token: value }

    expect(redactor.value([shared, shared])).toEqual([{ token: '[TOKEN]' }, { token: '[TOKEN]' }])
  })

  it('goes ten levels deep', () => {
    const deep = (levels: number): unknown => (levels === 0 ? value : { next: deep(levels - 1) })

    expect(JSON.stringify(redactor.value(deep(10)))).toContain('[TOKEN]')
    expect(JSON.stringify(redactor.value(deep(11)))).toMatch(/"next":"\[Truncated\]"/)
    expect(() => redactor.value(deep(5000))).not.toThrow()
  })

  it('copies 1000 members', () => {
    const members = Array.from({ length: 1002 }, (_, index) => index)
    const more = '[2 more]'

    const copies = [members, new Set(members), new Map(members.map(key => [key, key]))].map(input =>
      redactor.value(input),
    )
    const object = redactor.value(Object.fromEntries(members.map(key => [`k${key}`, key])))

    for (const copy of copies) expect(Object(copy)).toHaveLength(1001)
    expect(copies.map(copy => (copy as unknown[]).at(-1))).toEqual([more, more, more])
    expect(Object.entries(Object(object)).slice(-2)).toEqual([
      ['k999', 999],
      ['…', more],
    ])
  })

  it('copies exactly 1000 members without a word', () => {
    const members = Array.from({ length: 1000 }, (_, index) => index)
    const bytes = members.map(member => member % 7)

    expect(redactor.value(members)).toEqual(members)
    expect(redactor.value(bytes)).toEqual(bytes)
    expect(redactor.value(new Set(members))).toEqual(members)
    expect(redactor.value(Object.fromEntries(members.map(key => [`k${key}`, key])))).not.toHaveProperty('…')
  })

  it('copies no part of more than 1000 bytes, of which the last may be half a value', () => {
    expect(redactor.value(Array.from({ length: 1001 }, () => 104))).toBe('[Array of 1001 bytes]')
  })

  it('copies 10,000 objects', () => {
    const input = Array.from({ length: 20 }, () => Array.from({ length: 600 }, () => ({})))

    const copy = JSON.stringify(redactor.value(input))

    expect(copy.match(/\{\}/g)).toHaveLength(10_000 - 1 - 17)
    expect(copy).toContain('"[Truncated]"')
  })
})

describe('value of anything', () => {
  const values = randomValues(new RandomText(5))
  const all = createRedactor()
  for (const [label, each] of Object.entries(values)) all.protect(each, label)

  it.each(Object.entries(values))('holds no trace of a value of the shape %s', (_, each) => {
    class Holder {
      readonly held = each
    }
    const input = {
      plain: each,
      error: new Error(each, { cause: new AggregateError([new Error(each)], each) }),
      map: new Map([[each, new Set([each])]]),
      bytes: [Buffer.from(each), Buffer.from(each, 'utf16le'), Buffer.from(each).toJSON(), new Blob([each])],
      holder: new Holder(),
      nested: [[[{ [each]: [each] }]]],
      json: JSON.stringify({ each }),
      symbol: Symbol(each),
      boxed: Object(each),
    }

    const copy = all.value(input)

    const shown = [JSON.stringify(copy), inspect(copy, { depth: 20, showHidden: true, maxStringLength: null })].join(
      '\n',
    )
    expect(tracesOf(each, shown)).toEqual([])
  })
})

function sharedBytes(text: string): Uint8Array {
  const bytes = Buffer.from(text)
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return shared
}

function detached(): Uint8Array {
  const bytes = new TextEncoder().encode(value)
  structuredClone(bytes, { transfer: [bytes.buffer] })
  return bytes
}
