import { describe, expect, it } from 'vitest'
import { keysOf } from './__fixtures__/known-keys.ts'
import { readFixture } from './__fixtures__/read-fixture.ts'
import { decodeBase64Url, encodeBase64Url } from './base64-url.ts'
import { fernetKeys } from './fernet-keys.ts'
import { sealFernetToken } from './fernet-token.ts'
import { encodeStoredToken } from './stored-token.ts'

const deterministic = readFixture('deterministic-tokens')
const reference = readFixture('reference-encryptions')
const specification = readFixture('fernet-generate')

describe('sealFernetToken', () => {
  it.each(deterministic)('writes byte for byte what Python writes at $timestamp ($id)', async row => {
    const seal = { timestamp: BigInt(row.timestamp), iv: Buffer.from(row.iv, 'hex') }

    const raw = sealFernetToken(row.plaintext, await keysOf(row.secret), seal)

    expect(encodeStoredToken(raw)).toBe(row.token)
  })

  it.each(reference)('writes the reference token of time $time and iv $iv', async row => {
    const seal = { timestamp: BigInt(row.time), iv: Buffer.from(row.iv, 'hex') }

    const raw = sealFernetToken(row.plaintext, await keysOf(row.secret), seal)

    expect(encodeBase64Url(raw)).toBe(row.fernetToken)
    expect(encodeStoredToken(raw)).toBe(row.stored)
  })

  it.each(specification)('writes the token of the Fernet specification', row => {
    const keys = fernetKeys(decodeBase64Url(row.secret) ?? Buffer.alloc(0))
    const seal = { timestamp: BigInt(Date.parse(row.now) / 1000), iv: Buffer.from(row.iv) }

    expect(encodeBase64Url(sealFernetToken(row.src, keys, seal))).toBe(row.token)
    expect(encodeBase64Url(sealFernetToken(Buffer.from(row.src), keys, seal))).toBe(row.token)
  })

  it('has vectors to be compared with', () => {
    expect([deterministic.length, reference.length, specification.length]).toEqual([10, 6, 1])
  })
})
