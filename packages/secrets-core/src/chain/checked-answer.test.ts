import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { thrownBy } from '../__fixtures__/failures.ts'
import { uncaughtFailures } from '../__fixtures__/uncaught-failures.ts'
import { checkedDocument, checkedSecret, checkedSecrets } from './checked-answer.ts'

describe('checkedSecret', () => {
  it('takes a string, or a secret with its provenance', () => {
    const secret = { value: 'x', version: 'v1', ttl: 0, locator: 'env:X' }

    expect([checkedSecret('x'), checkedSecret(secret)]).toEqual([{ value: 'x' }, secret])
  })

  it('takes undefined and what is empty for no such key', () => {
    expect([checkedSecret(undefined), checkedSecret(''), checkedSecret({ value: '' })]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('does not change when the provider changes its answer later', () => {
    const secret = { value: 'x' }
    const checked = checkedSecret(secret)

    secret.value = 'y'

    expect(checked?.value).toBe('x')
  })

  it('names nothing of what it refuses', () => {
    const error = thrownBy(() => checkedSecret({ value: 5, canary: 'canary' }))

    expect(error).toBeInstanceOf(TypeError)
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('canary')
  })

  it('handles the failure of a promise where none belongs', async () => {
    const failures = await uncaughtFailures(() =>
      thrownBy(() => checkedSecret(Promise.reject(new Error('nobody handles it')))),
    )

    expect(failures).toEqual([])
  })
})

describe('checkedSecrets', () => {
  it('keeps secrets and errors apart, and makes an error of what is neither', () => {
    const error = new Error('one key')
    const answer = new Map<string, unknown>([
      ['A', { value: 'a' }],
      ['B', error],
      ['C', 5],
      ['D', { value: '' }],
      ['E', undefined],
    ])

    const checked = checkedSecrets(answer)

    expect([...checked]).toEqual([
      ['A', { value: 'a' }],
      ['B', error],
      ['C', expect.any(TypeError)],
      ['D', undefined],
      ['E', undefined],
    ])
  })

  it.each([undefined, null, {}, [], 'A'])('refuses %j', answer => {
    expect(() => checkedSecrets(answer)).toThrow(TypeError)
  })
})

describe('checkedDocument', () => {
  it('gives the very document, so that the provider can tell it from others', () => {
    const document = { values: new Map([['A', '1']]), unusable: new Map([['B', 'array']]), detail: 'x', ttl: Infinity }

    expect(checkedDocument(document)).toBe(document)
  })

  it('takes undefined for no document', () => {
    expect(checkedDocument(undefined)).toBeUndefined()
  })

  it.each<[string, unknown]>([
    ['a plain object', { values: { A: '1' } }],
    ['no values', {}],
    ['a value that is no string', { values: new Map([['A', 1]]) }],
    ['a key that is no string', { values: new Map([[1, 'A']]) }],
    ['an array in place of text', { values: new Map([['A', ['1']]]) }],
    ['unusable that is no map', { values: new Map(), unusable: {} }],
    ['null', null],
    ['a string', 'A=1'],
  ])('refuses %s', (_, answer) => {
    expect(() => checkedDocument(answer)).toThrow(TypeError)
  })
})
