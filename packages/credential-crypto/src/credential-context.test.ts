import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { contextText } from './credential-context.ts'
import type { CredentialContext } from './credential-context.ts'

// What untyped code may pass.
const textOf = contextText as (context: unknown) => string

describe('contextText', () => {
  it('writes each name and value with its length in bytes, sorted by name', () => {
    expect(contextText({ user: '7', id: '', é: '🔑' })).toBe('2:id,0:,4:user,1:7,2:é,4:🔑,')
  })

  it('takes none and an empty one for the same', () => {
    expect([contextText(undefined), contextText({})]).toEqual(['', ''])
  })

  it.each<[CredentialContext, CredentialContext]>([
    [
      { a: 'b', c: 'd' },
      { ab: 'c', d: '' },
    ],
    [{ 'a|b': 'c' }, { a: 'b|c' }],
    [{ a: '1,1:b,1:2' }, { a: '1', b: '2' }],
    [{ '': 'a' }, { a: '' }],
    [{ a: '\u00E9' }, { a: 'e\u0301' }],
  ])('writes %j and %j differently', (one, other) => {
    expect(contextText(one)).not.toBe(contextText(other))
  })

  it.each([
    ['without a prototype', Object.assign(Object.create(null), { a: 'b' })],
    ['of another realm', runInContext('({ a: "b" })', createContext())],
  ])('takes an object %s', (_, context) => {
    expect(textOf(context)).toBe('1:a,1:b,')
  })

  it.each([
    ['a Map, whose entries are no members', new Map([['user', '7']])],
    ['an array', ['7']],
    ['text', 'user'],
    ['null', null],
    [
      'an object of a class',
      new (class {
        user = '7'
      })(),
    ],
    ['a number', { user: 7 }],
    ['a column that was not selected', { user: undefined }],
  ])('refuses %s', (_, context) => {
    expect(() => textOf(context)).toThrow(TypeError)
  })

  it.each([{ user: 'a\uD800' }, { 'a\uD800': '7' }])('refuses a lone surrogate (%#)', async context => {
    expect((await caught(() => contextText(context))).kind).toBe('not_utf8')
  })
})
