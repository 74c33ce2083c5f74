import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cacheKey } from './cache-key.ts'

/** One recorded call of a function that SimpleTuner's decorator wraps; arguments are Python literals. */
interface RecordedKey {
  readonly keyPrefix: string
  readonly func: string
  readonly args: readonly string[]
  readonly kwargs: Readonly<Record<string, string>>
  readonly key: string
}

// Written by the generator of the recordings.
const recordings = JSON.parse(
  readFileSync(new URL('__fixtures__/cached-keys.json', import.meta.url), 'utf8'),
) as readonly RecordedKey[]

class WithText {
  toString(): string {
    return 'with-str'
  }
}

class Plain {
  readonly kind: string = 'plain'
}

/** What a caller in JavaScript passes for the literal. */
const values: Readonly<Record<string, unknown>> = {
  None: null,
  True: true,
  False: false,
  '-0.0': -0,
  '0.1+0.2': 0.1 + 0.2,
  '10**20': 1e20,
  'math.inf': Infinity,
  '-math.inf': -Infinity,
  'math.nan': NaN,
  "'123'": '123',
  "''": '',
  "'a b'": 'a b',
  "'a:b'": 'a:b',
  "'a'": 'a',
  "'b'": 'b',
  "'x'": 'x',
  "'密钥'": '密钥',
  "'it\\'s'": "it's",
  "'\\n'": '\n',
  "'x=1'": 'x=1',
  '[1,2]': [1, 2],
  "['a','b']": ['a', 'b'],
  '[]': [],
  "['\\n']": ['\n'],
  '[1]': [1],
  '{}': {},
  "{'b':1,'a':2}": { b: 1, a: 2 },
  "{'a':2,'b':1}": { a: 2, b: 1 },
  "{'n':None,'t':True,'s':'x'}": { n: null, t: true, s: 'x' },
  '{1,}': new Set([1]),
  "b'x'": new Uint8Array([120]),
  'WithStr()': new WithText(),
  'Plain()': new Plain(),
  'datetime.date(2024,1,2)': new Date('2024-01-02'),
  'datetime.datetime(2024,1,2,3,4,5)': new Date('2024-01-02T03:04:05'),
}

/** Literals of types that JavaScript does not have. */
const withoutCounterpart = new Set(['(1,)', '(1,2)', 'range(3)', '1+2j'])

/** What R66 writes as it is; `null`, `true` and `false` are written as in JavaScript instead. */
const writtenAsItIs = /^(-?\d{1,15}|10\*\*20|''|'(?:a|b|x|a b|密钥)')$/

const comparable = recordings.filter(({ args }) => !args.some(literal => withoutCounterpart.has(literal)))

function valueOf(literal: string): unknown {
  return literal in values ? values[literal] : Number(literal)
}

function argumentsOf({ args, kwargs }: RecordedKey): readonly unknown[] {
  const named = Object.entries(kwargs).map(([name, literal]) => [name, valueOf(literal)] as const)
  return [...args.map(valueOf), ...(named.length > 0 ? [Object.fromEntries(named)] : [])]
}

function ourKey(recording: RecordedKey): string {
  const { keyPrefix, func } = recording
  return cacheKey(keyPrefix === '' ? func : `${keyPrefix}:${func}`, argumentsOf(recording))
}

describe('recorded keys', () => {
  const exact = comparable.filter(
    ({ keyPrefix, args, kwargs }) =>
      keyPrefix !== '' && [...args, ...Object.values(kwargs)].every(literal => writtenAsItIs.test(literal)),
  )

  it('are all there', () => {
    expect(recordings).toHaveLength(56)
    expect(comparable).toHaveLength(52)
    expect(exact).toHaveLength(15)
  })

  it.each(exact)('$key stays', recording => {
    const key = ourKey(recording)

    expect(key).toBe(recording.key)
  })

  it('have no leading colon without a prefix', () => {
    const keys = recordings.filter(({ keyPrefix }) => keyPrefix === '').map(ourKey)

    expect(keys).toEqual(['get_user:123', 'get_user'])
  })

  it('differ wherever the arguments do', () => {
    const callsByKey = Map.groupBy(comparable, ourKey)

    const shared = [...callsByKey.values()]
      .filter(calls => calls.length > 1)
      .map(calls => calls.map(({ args, kwargs }) => [...args, kwargs]))

    // The same values: JavaScript has one order-free kind of object, and passes named arguments as one.
    expect(shared).toEqual([
      [
        ["{'b':1,'a':2}", {}],
        ["{'a':2,'b':1}", {}],
      ],
      [[{ b: '2', a: '1' }], [{ a: '1', b: '2' }]],
    ])
  })

  it.each([
    ['null', null],
    ['true', true],
    ['false', false],
    ['undefined', undefined],
  ])('%s is written as in JavaScript', (text, value) => {
    const key = cacheKey('f', [value])

    expect(key).toBe(`f:${text}`)
  })
})

describe('cacheKey', () => {
  it.each<[unknown, unknown]>([
    [1, '1'],
    [1n, 1],
    [1n, '1n'],
    [null, 'null'],
    [true, 'true'],
    [undefined, 'undefined'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [0, -0],
    [[], '[]'],
    [['a'], [['a']]],
    [['a', 'b'], ['a,b']],
    [
      [1, 2],
      ['1', '2'],
    ],
    [{}, '{}'],
    [{}, null],
    [{}, new Plain()],
    [{ a: 1 }, 'a=1'],
    [{ a: 1 }, { a: '1' }],
    [{ a: 1 }, { a: undefined }],
    [{ 'a=1:b': 2 }, { a: 1, b: 2 }],
    [{ a: { b: 1, c: 2 } }, { a: { b: 1 }, c: 2 }],
    [new Date(5), 5],
    [new Date(5), '@Date(5)'],
    [new Map([[1, 2]]), new Map([[2, 1]])],
    [new Set([1]), [1]],
    [new URL('https://a.example/'), 'https://a.example/'],
    [/a/, /a/g],
    [new Uint8Array([1, 2]), new Uint8Array([12])],
    [new Uint8Array([1]), Buffer.from([1])],
    [new Plain(), new Plain()],
    [() => 1, () => 1],
    [Symbol('a'), Symbol('a')],
    [Symbol.for('a'), Symbol('a')],
    [{ [Symbol('a')]: 1 }, {}],
  ])('tells %o from %o', (one, other) => {
    const keys = [cacheKey('f', [one]), cacheKey('f', [other])]
    const nestedKeys = [cacheKey('f', [[one]]), cacheKey('f', [[other]])]

    expect(keys[0]).not.toBe(keys[1])
    expect(nestedKeys[0]).not.toBe(nestedKeys[1])
  })

  it.each<[readonly unknown[], readonly unknown[]]>([
    [[], ['']],
    [[], [undefined]],
    [[], [{}]],
    [[''], ['', '']],
    [['a', 'b'], ['a:b']],
    [
      ['a', { b: 1 }],
      ['a', 'b=1'],
    ],
    [[{ a: 1 }, { b: 2 }], [{ a: 1, b: 2 }]],
    [
      [{ a: 1 }, 1],
      [1, { a: 1 }],
    ],
    [['"a"'], ['a']],
    [['a"', '"b'], ['a":"b']],
    [[1, 2], [[1, 2]]],
  ])('tells the arguments %o from %o', (one, other) => {
    expect(cacheKey('f', one)).not.toBe(cacheKey('f', other))
  })

  it.each<[unknown, unknown]>([
    [
      { a: 1, b: { c: 2, d: 3 } },
      { b: { d: 3, c: 2 }, a: 1 },
    ],
    [new Date(5), new Date(5)],
    [new Set(['a']), new Set(['a'])],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [Symbol.for('a'), Symbol.for('a')],
    [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ])('gives %o and its like one key', (one, other) => {
    expect(cacheKey('f', [one])).toBe(cacheKey('f', [other]))
  })

  it('knows an object of a class again', () => {
    const user = new Plain()

    expect(cacheKey('f', [user])).toBe(cacheKey('f', [user]))
  })

  it('ends on an object that contains itself', () => {
    const parent: Record<string, unknown> = { name: 'parent' }
    parent['child'] = { parent }
    const other: Record<string, unknown> = { name: 'parent' }
    other['child'] = { parent: { name: 'parent' } }

    const key = cacheKey('f', [parent])

    expect(key).toContain('name=parent')
    expect(key).not.toBe(cacheKey('f', [other]))
  })
})
