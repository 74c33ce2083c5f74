import { inspect } from 'node:util'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { down, rejectionOf } from '../__fixtures__/failures.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { batchProvider, documentProvider, keyedProvider } from '../__fixtures__/sample-provider.ts'
import { SecretLoadError } from './secret-load-error.ts'
import type { StandardResult, StandardSchemaV1 } from './standard-schema.ts'

const warnings = processWarnings()

/** A schema as its specification describes it. */
function schemaOf<T>(
  validate: (value: unknown) => StandardResult<T> | Promise<StandardResult<T>>,
): StandardSchemaV1<T> {
  return { '~standard': { version: 1, vendor: 'sample', validate } }
}

const numeric = schemaOf<number>(value =>
  Number.isNaN(Number(value))
    ? { issues: [{ message: `expected a number, received ${String(value)}` }] }
    : { value: Number(value) },
)

const config = {
  PORT: '8080',
  URL: 'https://db.example',
  LEVEL: 'debug',
  PASSWORD: 'canary-load-1',
  'hf-token': 'hf_x',
}

describe('load', () => {
  it('gives the strings, and what schemas make of them', async () => {
    const manager = managerOf([documentProvider('file', config)])

    const loaded = await manager.load({
      PORT: numeric,
      password: { key: 'PASSWORD' },
      token: { key: 'hf-token', optional: true },
      LEVEL: {},
      later: { key: 'PORT', schema: schemaOf(async value => ({ value: `async ${String(value)}` })) },
    })

    expect(loaded).toEqual({
      PORT: 8080,
      password: 'canary-load-1',
      token: 'hf_x',
      LEVEL: 'debug',
      later: 'async 8080',
    })
    expectTypeOf(loaded).toEqualTypeOf<{
      readonly PORT: number
      readonly password: string
      readonly token: string | undefined
      readonly LEVEL: string
      readonly later: string
    }>()
  })

  it('takes schemas of Zod', async () => {
    const shape = {
      PORT: z.coerce.number().int().min(1).max(65_535),
      URL: z.url(),
      level: { key: 'LEVEL', schema: z.enum(['debug', 'info']) },
      absent: { schema: z.string().transform(text => text.length), optional: true },
    } as const

    const loaded = await managerOf([documentProvider('file', config)]).load(shape)

    expect(loaded).toEqual({ PORT: 8080, URL: 'https://db.example', level: 'debug', absent: undefined })
    expectTypeOf(loaded).toEqualTypeOf<{
      readonly PORT: number
      readonly URL: string
      readonly level: 'debug' | 'info'
      readonly absent: number | undefined
    }>()
  })

  it('takes schemas of Valibot', async () => {
    const shape = {
      PORT: v.pipe(v.string(), v.transform(Number), v.integer()),
      level: { key: 'LEVEL', schema: v.picklist(['debug', 'info']) },
      absent: { schema: v.pipe(v.string(), v.toUpperCase()), optional: true },
    } as const

    const loaded = await managerOf([documentProvider('file', config)]).load(shape)

    expect(loaded).toEqual({ PORT: 8080, level: 'debug', absent: undefined })
    expectTypeOf(loaded).toEqualTypeOf<{
      readonly PORT: number
      readonly level: 'debug' | 'info'
      readonly absent: string | undefined
    }>()
  })

  it('takes schemas of ArkType, which are functions', async () => {
    const shape = {
      PORT: type('string.integer.parse'),
      level: { key: 'LEVEL', schema: type("'debug' | 'info'") },
      absent: { schema: type('string.numeric.parse'), optional: true },
    } as const

    const loaded = await managerOf([documentProvider('file', config)]).load(shape)

    expect(loaded).toEqual({ PORT: 8080, level: 'debug', absent: undefined })
    expectTypeOf(loaded).toEqualTypeOf<{
      readonly PORT: number
      readonly level: 'debug' | 'info'
      readonly absent: number | undefined
    }>()
  })

  it('names everything that is wrong in one error, in the order of the shape', async () => {
    const broken = documentProvider('vault', {})
    broken.failure = down({ hint: 'Start it.' })
    const manager = managerOf([
      { provider: broken, accepts: key => key.startsWith('VAULT_') },
      documentProvider('file', { ...config, COUNT: 'canary-load-2' }),
    ])

    const error = await rejectionOf(
      manager.load({
        PORT: numeric,
        absent: { key: 'ABSENT' },
        COUNT: numeric,
        VAULT_A: {},
        maybe: { key: 'VAULT_B', optional: true },
        fine: { key: 'ALSO_ABSENT', optional: true },
      }),
    )

    expect(SecretLoadError.isInstance(error) && error.problems).toEqual([
      { key: 'ABSENT', kind: 'missing', message: 'Secret "ABSENT" does not exist (asked: file).' },
      { key: 'COUNT', kind: 'invalid', message: 'Secret "COUNT" does not fit its schema (sample).' },
      {
        key: 'VAULT_A',
        kind: 'unresolved',
        message: 'Secret "VAULT_A" could not be looked up: vault failed (unavailable).',
      },
      {
        key: 'VAULT_B',
        kind: 'unresolved',
        message: 'Secret "VAULT_B" could not be looked up: vault failed (unavailable).',
      },
    ])
    expect(error).toMatchObject({ name: 'SecretLoadError', kind: 'unresolved', code: 'ST_SECRETS_UNRESOLVED' })
    expect(error instanceof Error && error.message.split('\n')).toHaveLength(5)
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name: 'SecretLoadError', kind: 'unresolved' })
  })

  it.each([
    ['Zod', z.coerce.number()],
    ['Valibot', v.pipe(v.string(), v.email())],
    ['ArkType', type('string.email')],
    ['one whose messages quote the value', numeric],
    [
      'one that throws',
      schemaOf(value => {
        throw new Error(`bad ${String(value)}`)
      }),
    ],
    ['one that rejects', schemaOf(async value => Promise.reject(new Error(`bad ${String(value)}`)))],
  ])('repeats nothing of a value that a schema refuses: %s', async (_, schema: StandardSchemaV1) => {
    const manager = managerOf([documentProvider('file', { PASSWORD: 'canary-load-3' })])

    const error = await rejectionOf(manager.load({ PASSWORD: schema }))

    expect(error).toMatchObject({ kind: 'invalid', problems: [{ key: 'PASSWORD', kind: 'invalid' }] })
    const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)
    expect(shown).not.toContain('canary-load-3')
  })

  it('calls the error what is gravest: unresolved before anything else', async () => {
    const [missing, invalid] = await Promise.all([
      rejectionOf(managerOf([]).load({ A: {} })),
      rejectionOf(managerOf([keyedProvider('a', { A: 'x' })]).load({ A: numeric })),
    ])

    expect([missing, invalid]).toMatchObject([{ kind: 'missing', transient: false }, { kind: 'invalid' }])
  })

  it('says whether loading again may help', async () => {
    const broken = keyedProvider('a')
    broken.failure = down()

    expect(await rejectionOf(managerOf([broken]).load({ A: {} }))).toMatchObject({
      kind: 'unresolved',
      transient: true,
    })
  })

  it('reads as few times as the sources allow', async () => {
    const [file, aws] = [documentProvider('file', { A: '1' }), batchProvider('aws', { B: '2', C: '3' })]

    await managerOf([file, aws]).load({ A: {}, B: {}, c: { key: 'C' }, again: { key: 'C' } })

    expect([file.reads, aws.reads]).toEqual([['*'], ['B,C']])
  })

  it('takes the options of every read', async () => {
    const file = documentProvider('file', { A: '1' })
    const manager = managerOf([file])
    await manager.get('A')

    await manager.load({ A: {} }, { fresh: true })

    expect(file.reads.length).toBe(2)
  })

  it('applies no schema to a key that is absent', async () => {
    const validated: unknown[] = []
    const schema = schemaOf(value => (validated.push(value), { value }))

    const loaded = await managerOf([]).load({ A: { schema, optional: true } })

    expect([loaded, validated]).toEqual([{ A: undefined }, []])
  })

  it('warns of nothing: the error tells it all', async () => {
    const broken = keyedProvider('a')
    broken.failure = down()

    await rejectionOf(managerOf([broken]).load({ A: {} }))

    expect(warnings()).toEqual([])
  })

  it('gives nothing for an empty shape', async () => {
    expect(await managerOf([]).load({})).toEqual({})
  })

  it('gives a member called __proto__ as any other', async () => {
    const shape = JSON.parse('{"__proto__":{"key":"A"}}') as Record<string, { key: string }>

    const loaded = await managerOf([keyedProvider('a', { A: '1' })]).load(shape)

    expect(Object.entries(loaded)).toEqual([['__proto__', '1']])
  })

  it.each([5, null, 'string', undefined])(
    'refuses the member %j, which is neither a schema nor a field',
    async member => {
      // Callers without types pass anything.
      const shape = { A: member as unknown as object }

      expect(await rejectionOf(managerOf([keyedProvider('a', { A: '1' })]).load(shape))).toBeInstanceOf(TypeError)
    },
  )
})
