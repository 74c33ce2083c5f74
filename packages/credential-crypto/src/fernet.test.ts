import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { keysOf } from './__fixtures__/known-keys.ts'
import { readFixture } from './__fixtures__/read-fixture.ts'
import { wipedContents } from './__fixtures__/wiped-contents.ts'
import { decodeBase64Url, encodeBase64Url } from './base64-url.ts'
import { deriveKey } from './derive-key.ts'
import { fernetKeys } from './fernet-keys.ts'
import { sealFernetToken } from './fernet-token.ts'
import { Fernet } from './fernet.ts'

const key = 'cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4='
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

describe('Fernet and the acceptance vectors of its specification', () => {
  const verify = readFixture('fernet-verify')
  const invalid = readFixture('fernet-invalid')
  const kinds = new Map([
    ['incorrect mac', 'authentication_failed'],
    ['too short', 'malformed'],
    ['invalid base64', 'malformed'],
    ['payload size not multiple of block size', 'malformed'],
    ['payload padding error', 'authentication_failed'],
    ['far-future TS (unacceptable clock skew)', 'expired'],
    ['expired TTL', 'expired'],
    ['incorrect IV (causes padding error)', 'authentication_failed'],
  ])

  it.each(verify)('accepts $token', row => {
    const payload = new Fernet(row.secret).decrypt(row.token, { ttl: row.ttl_sec, now: Date.parse(row.now) / 1000 })

    expect(text(payload)).toBe(row.src)
  })

  it.each(invalid)('refuses: $desc', async row => {
    const options = { ttl: row.ttl_sec, now: Date.parse(row.now) / 1000 }

    const error = await caught(() => new Fernet(row.secret).decrypt(row.token, options))

    expect(error.kind).toBe(kinds.get(row.desc))
  })

  it('has all of them', () => {
    expect(verify).toHaveLength(1)
    expect(invalid.map(({ desc }) => desc).toSorted()).toEqual([...kinds.keys()].toSorted())
  })
})

describe('Fernet', () => {
  it.each([0, 1, 15, 16, 17, 255, 65_536])('gives back %i bytes', length => {
    const fernet = new Fernet(key)
    const data = new Uint8Array(randomBytes(length))

    expect(fernet.decrypt(fernet.encrypt(data))).toEqual(data)
  })

  it('takes text as UTF-8', () => {
    const fernet = new Fernet(key)

    expect(text(fernet.decrypt(fernet.encrypt('密钥🔑')))).toBe('密钥🔑')
  })

  it('gives back memory that nothing else shares', () => {
    const fernet = new Fernet(key)

    const payload = fernet.decrypt(fernet.encrypt('abc'))

    expect(payload.buffer.byteLength).toBe(3)
  })

  it('writes another token each time', () => {
    const fernet = new Fernet(key)

    expect(new Set(Array.from({ length: 100 }, () => fernet.encrypt('same')))).toHaveProperty('size', 100)
  })

  it('stamps a token with the present second', () => {
    vi.useFakeTimers({ now: 1_700_000_000_999, toFake: ['Date'] })
    const fernet = new Fernet(key)

    const token = fernet.encrypt('x')
    vi.useRealTimers()

    expect(fernet.extractTimestamp(token)).toBe(1_700_000_000n)
  })

  it('decrypts a token of any age when no ttl is given', () => {
    const keys = fernetKeys(decodeBase64Url(key) ?? Buffer.alloc(0))
    const tokens = [0n, 2n ** 64n - 1n].map(timestamp => encodeBase64Url(sealFernetToken('x', keys, { timestamp })))
    const fernet = new Fernet(key)

    expect(tokens.map(token => text(fernet.decrypt(token, { now: 1 })))).toEqual(['x', 'x'])
    expect(tokens.map(token => fernet.extractTimestamp(token))).toEqual([0n, 2n ** 64n - 1n])
  })

  it('works with a derived key', async () => {
    const token = encodeBase64Url(sealFernetToken('x', await keysOf('a secret')))

    expect(text(new Fernet(await deriveKey('a secret')).decrypt(token))).toBe('x')
  })

  it('refuses a token after any change of a single bit', async () => {
    const fernet = new Fernet(key)
    const raw = decodeBase64Url(fernet.encrypt('r8_token')) ?? Buffer.alloc(0)
    const kinds = new Set<string>()

    for (let bit = 0; bit < raw.length * 8; bit += 1) {
      const changed = Buffer.from(raw)
      changed.writeUInt8(raw.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      kinds.add((await caught(() => fernet.decrypt(encodeBase64Url(changed)))).kind)
    }

    expect(raw).toHaveLength(73)
    expect([...kinds].toSorted()).toEqual(['authentication_failed', 'unsupported_version'])
  })

  it('refuses a token cut at any place, or with anything behind it', async () => {
    const fernet = new Fernet(key)
    const raw = decodeBase64Url(fernet.encrypt('x'.repeat(40))) ?? Buffer.alloc(0)

    for (let length = 0; length < raw.length; length += 1) {
      const error = await caught(() => fernet.decrypt(encodeBase64Url(raw.subarray(0, length))))
      const isPossible = length >= 73 && (length - 57) % 16 === 0
      expect([length, error.kind]).toEqual([length, isPossible ? 'authentication_failed' : 'malformed'])
    }
    const longer = encodeBase64Url(Buffer.concat([raw, Buffer.alloc(16)]))
    expect((await caught(() => fernet.decrypt(longer))).kind).toBe('authentication_failed')
  })

  it('refuses a token without any ciphertext, although its signature is right', async () => {
    const keys = fernetKeys(decodeBase64Url(key) ?? Buffer.alloc(0))
    const signed = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(24)])
    const mac = createHmac('sha256', keys.signing).update(signed).digest()

    const error = await caught(() => new Fernet(key).decrypt(encodeBase64Url(Buffer.concat([signed, mac]))))

    expect(error.kind).toBe('malformed')
  })

  it.each([
    ['no padding', (token: string) => token.replaceAll('=', '')],
    ['a space before', (token: string) => ` ${token}`],
    ['a line end behind', (token: string) => `${token}\n`],
    ['text behind', (token: string) => `${token}AAAA`],
    ['the standard alphabet', (token: string) => token.replaceAll('-', '+').replaceAll('_', '/')],
  ])('refuses a token with %s', async (_, change) => {
    const fernet = new Fernet(key)
    const token = 'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA=='
    fernet.decrypt(token)

    expect((await caught(() => fernet.decrypt(change(token)))).kind).toBe('malformed')
  })

  it('answers in the same words to a wrong key, a changed token and wrong padding', async () => {
    const fernet = new Fernet(key)
    const padding = readFixture('fernet-invalid').find(({ desc }) => desc === 'payload padding error')
    const foreign = new Fernet(encodeBase64Url(randomBytes(32))).encrypt('x')
    const own = decodeBase64Url(fernet.encrypt('x')) ?? Buffer.alloc(0)
    own.writeUInt8(own.readUInt8(40) ^ 1, 40)

    const errors = [
      await caught(() => fernet.decrypt(foreign)),
      await caught(() => fernet.decrypt(encodeBase64Url(own))),
      await caught(() => fernet.decrypt(padding?.token ?? '')),
      await caught(() => fernet.extractTimestamp(foreign)),
    ]

    expect(new Set(errors.map(error => JSON.stringify(error)))).toHaveProperty('size', 1)
    expect(errors[0]?.kind).toBe('authentication_failed')
  })
})

describe('the age of a Fernet token', () => {
  const ages = readFixture('token-ages')

  const accepted = ages.filter(({ isAccepted }) => isAccepted)
  const refused = ages.filter(({ isAccepted }) => !isAccepted)

  it.each(accepted)('is accepted as in Python: ttl $ttl, now $now', async ({ secret, token, ttl, now }) => {
    const fernet = new Fernet(await deriveKey(secret))

    expect(fernet.decrypt(token, { ttl, now })).toBeInstanceOf(Uint8Array)
  })

  it.each(refused)('is refused as in Python: ttl $ttl, now $now', async ({ secret, token, ttl, now }) => {
    const fernet = new Fernet(await deriveKey(secret))

    expect((await caught(() => fernet.decrypt(token, { ttl, now }))).kind).toBe('expired')
  })

  it('has vectors of both kinds', () => {
    expect([accepted.length, refused.length]).toEqual([8, 5])
  })

  it('is counted in whole seconds, as the token has them', () => {
    const keys = fernetKeys(decodeBase64Url(key) ?? Buffer.alloc(0))
    const token = encodeBase64Url(sealFernetToken('x', keys, { timestamp: 1000n }))

    expect(new Fernet(key).decrypt(token, { ttl: 60, now: 1060.9 })).toBeInstanceOf(Uint8Array)
  })

  it('is compared with the clock by default', async () => {
    const keys = fernetKeys(decodeBase64Url(key) ?? Buffer.alloc(0))
    const token = encodeBase64Url(sealFernetToken('x', keys, { timestamp: 1000n }))
    const fernet = new Fernet(key)

    expect((await caught(() => fernet.decrypt(token, { ttl: 60 }))).kind).toBe('expired')
    expect(fernet.decrypt(fernet.encrypt('x'), { ttl: 3600 })).toBeInstanceOf(Uint8Array)
    expect(fernet.decrypt(token, { ttl: Infinity })).toBeInstanceOf(Uint8Array)
  })

  it('is judged only after the signature', async () => {
    const foreign = encodeBase64Url(sealFernetToken('x', await keysOf('a secret'), { timestamp: 0n }))

    const error = await caught(() => new Fernet(key).decrypt(foreign, { ttl: 1 }))

    expect(error.kind).toBe('authentication_failed')
  })

  it.each([{ ttl: Number.NaN }, { ttl: 1, now: Number.NaN }, { ttl: 1, now: Infinity }])(
    'cannot be compared with %j',
    options => {
      const fernet = new Fernet(key)

      expect(() => fernet.decrypt(fernet.encrypt('x'), options)).toThrow(RangeError)
    },
  )
})

describe('a Fernet key', () => {
  it('may be in the standard alphabet, as openssl writes it', () => {
    const bytes = Buffer.from(`${'fb'.repeat(16)}${'ff'.repeat(16)}`, 'hex')
    const token = new Fernet(encodeBase64Url(bytes)).encrypt('x')

    expect(bytes.toString('base64')).toMatch(/[+/]/)
    expect(text(new Fernet(bytes.toString('base64')).decrypt(token))).toBe('x')
  })

  it.each([
    ['nothing', ''],
    ['31 bytes', Buffer.alloc(31).toString('base64')],
    ['33 bytes', Buffer.alloc(33).toString('base64')],
    ['no padding', Buffer.alloc(32).toString('base64url')],
    ['a line end', `${Buffer.alloc(32).toString('base64')}\n`],
    ['any secret', 'correct horse battery staple'],
  ])('is refused when it is %s', async (_, value) => {
    const error = await caught(() => new Fernet(value))

    expect(error.kind).toBe('key_refused')
  })

  it('must be a string, and so must a token', () => {
    // @ts-expect-error -- what untyped code may do
    expect(() => new Fernet(undefined)).toThrow(TypeError)
    // @ts-expect-error -- what untyped code may do
    expect(() => new Fernet(key).decrypt(Buffer.from('x'))).toThrow(TypeError)
    // @ts-expect-error -- what untyped code may do
    expect(() => new Fernet(key).encrypt(5)).toThrow(TypeError)
  })
})

it('refuses to encrypt a lone surrogate', async () => {
  const error = await caught(() => new Fernet(key).encrypt('abc\uDC00'))

  expect(error.kind).toBe('not_utf8')
})

it('wipes what it decrypted before it found the padding wrong', async () => {
  const padding = readFixture('fernet-invalid').find(({ desc }) => desc === 'payload padding error')
  const fernet = new Fernet(key)

  const wiped = await wipedContents(() => caught(() => fernet.decrypt(padding?.token ?? '')))

  expect(wiped).toHaveLength(1)
  expect(wiped[0]).toHaveLength(16)
})
