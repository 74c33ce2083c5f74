import { describe, expect, it } from 'vitest'
import { checkPassword, hashPassword, preferredAlgorithm } from './password-hash.ts'

describe('hashPassword', () => {
  it.each(['argon2id', 'scrypt'] as const)('makes %s hashes that only the password matches', async algorithm => {
    const stored = await hashPassword('correct horse battery', algorithm)

    const checks = [
      await checkPassword('correct horse battery', stored),
      await checkPassword('correct horse batterz', stored),
      await checkPassword('', stored),
    ]

    expect(checks.map(({ matches }) => matches)).toEqual([true, false, false])
    expect(checks[0]?.isOutdated).toBe(algorithm !== preferredAlgorithm)
  })

  it('stores algorithm and parameters as OWASP asks for, and a salt of its own', async () => {
    const stored = [
      await hashPassword('p', 'argon2id'),
      await hashPassword('p', 'argon2id'),
      await hashPassword('p', 'scrypt'),
    ]

    expect(stored[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(stored[2]).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(stored[0]).not.toBe(stored[1])
  })
})

describe('checkPassword', () => {
  it('reads the reference example of Argon2', async () => {
    // `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1` of the reference implementation's test.c
    const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'

    expect(await checkPassword('password', stored)).toEqual({ matches: true, isOutdated: true })
  })

  it('takes composed and decomposed characters for the same', async () => {
    const stored = await hashPassword('Zo\u00EB Zo\u00EB Zo\u00EB')

    expect(await checkPassword('Zoe\u0308 Zoe\u0308 Zoe\u0308', stored)).toMatchObject({ matches: true })
  })

  it.each([
    '',
    'plain text',
    '$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=19456,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$t=2,m=19456,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$scrypt$ln=30,r=8,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$scrypt$ln=17,r=8,p=1$c29tZXNhbHQ$AA',
  ])('refuses %j', async stored => {
    await expect(checkPassword('password', stored)).rejects.toThrow(TypeError)
  })
})
