import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SecretError } from './secret-error.ts'

describe('SecretError', () => {
  it('carries a kind, a code made of it and what is known, and nothing else', () => {
    const error = new SecretError('not_configured', 'No region.', {
      provider: 'aws',
      hint: 'Set AWS_REGION.',
      key: undefined,
    })

    expect(error).toMatchObject({ name: 'SecretError', code: 'ST_SECRETS_NOT_CONFIGURED', transient: false })
    expect(error.toJSON()).toEqual({
      name: 'SecretError',
      message: 'No region.',
      kind: 'not_configured',
      code: 'ST_SECRETS_NOT_CONFIGURED',
      provider: 'aws',
      hint: 'Set AWS_REGION.',
      transient: false,
    })
    expect(error).not.toHaveProperty('key')
    expect(error).not.toHaveProperty('cause')
  })

  it.each([
    ['unavailable', true],
    ['timeout', true],
    ['throttled', true],
    ['forbidden', false],
  ] as const)('takes %s for transient: %s', (kind, transient) => {
    expect(new SecretError(kind, 'x').transient).toBe(transient)
  })

  it('is recognised across copies of the package, and by nothing that only looks like it', () => {
    const other = Object.defineProperty(new Error('x'), Symbol.for('@st/secrets.error'), { value: true })

    expect([
      SecretError.isInstance(other),
      SecretError.isInstance(new Error('x')),
      SecretError.isInstance({ kind: 'missing' }),
    ]).toEqual([true, false, false])
  })

  it('keeps its mark out of what is printed', () => {
    expect(inspect(new SecretError('closed', 'x'))).not.toContain('@st/secrets.error')
  })
})
