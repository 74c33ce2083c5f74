// oxlint-disable typescript/restrict-template-expressions -- printing is what is tested
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { secretValue } from './secret-value.ts'

const canary = 'canary-9d1e'
const value = secretValue(canary, { key: 'A', source: 'vault', version: 'v1' })

describe('a secret value', () => {
  it('gives the value when it is asked to', () => {
    expect([value.reveal(), value.key, value.source, value.version]).toEqual([canary, 'A', 'vault', 'v1'])
  })

  it('has no version where the source has none', () => {
    expect('version' in secretValue(canary, { key: 'A', source: 'env', version: undefined })).toBe(false)
  })

  it.each([
    ['a template', `${value}`],
    ['concatenation', 'x' + value],
    ['String', String(value)],
    ['JSON', JSON.stringify({ value })],
    ['inspect', inspect({ value })],
    ['inspect of everything', inspect({ value }, { depth: 20, showHidden: true, getters: true })],
    ['inspect without our own', inspect({ value }, { depth: 20, showHidden: true, customInspect: false })],
    ['%s %o %O %j %d', format('%s %o %O %j %d', value, value, value, value, value)],
    ['spreading', JSON.stringify({ ...value })],
    ['its entries', JSON.stringify(Object.entries(value))],
    ['its own names', Reflect.ownKeys(value).join()],
    ['a clone', inspect(structuredClone({ ...value }))],
    ['a structured clone', inspect(structuredClone(value), { showHidden: true })],
    ['serialize', serialize(value).toString('latin1')],
    ['toLocaleString', value.toLocaleString()],
    ['a property name', JSON.stringify({ [String(value)]: 1 })],
    ['an error', inspect(new Error(`${value}`), { showHidden: true })],
  ])('does not print in %s', (_, printed) => {
    expect(printed).not.toContain(canary)
  })

  it('prints as its key', () => {
    expect([`${value}`, JSON.stringify(value), inspect(value), value.toString(), value.toJSON()]).toEqual([
      '[secret A]',
      '"[secret A]"',
      '[secret A]',
      '[secret A]',
      '[secret A]',
    ])
  })

  it('equals the same text, or another value that holds it', () => {
    const same = secretValue(canary, { key: 'B', source: 'env' })

    expect([value.equals(canary), value.equals(same), value.equals(value)]).toEqual([true, true, true])
  })

  it.each(['', 'canary-9d1f', 'canary-9d1', 'canary-9d1e ', 'CANARY-9D1E', 'é'])('does not equal %j', other => {
    expect([value.equals(other), value.equals(secretValue(other, { key: 'A', source: 'vault' }))]).toEqual([
      false,
      false,
    ])
  })
})
