import { inspect } from 'node:util'
import { CredentialError, type CredentialErrorKind } from '@st/credential-crypto'
import { SecretError, type SecretErrorKind, SecretMissingError, SecretUnresolvedError } from '@st/secrets-core'
import { ConfigError } from '@st/secrets-core/config'
import { describe, expect, it } from 'vitest'
import { CliError } from './cli-error.ts'
import { failureReport } from './failure-report.ts'

const canary = 'canary-2b91-value'

const trace = (kind: SecretErrorKind): SecretUnresolvedError['trace'] => ({
  key: 'X',
  status: 'unresolved',
  cache: 'miss',
  ageMs: 0,
  expiresInMs: 0,
  steps: [{ provider: 'p', outcome: 'failed', kind, durationMs: 0, attempts: 1 }],
})

describe('failureReport', () => {
  it.each<[SecretErrorKind, number]>([
    ['missing', 3],
    ['not_configured', 2],
    ['unsupported', 2],
    ['unavailable', 4],
    ['timeout', 4],
    ['throttled', 4],
    ['unauthenticated', 5],
    ['forbidden', 5],
    ['invalid', 6],
    ['malformed', 6],
    ['insecure', 6],
    ['conflict', 7],
    ['closed', 1],
    ['internal', 1],
  ])('ends with the same code for %s, whether it is an error or behind one: %i', (kind, code) => {
    const direct = failureReport(new SecretError(kind, 'It failed.', { hint: 'Do this.' }))
    const behind = failureReport(new SecretUnresolvedError(trace(kind)))

    expect([direct.exitCode, behind.exitCode]).toEqual([code, code])
    expect(direct).toMatchObject({ message: 'It failed.', hint: 'Do this.', code: `ST_SECRETS_${kind.toUpperCase()}` })
  })

  it.each<[CredentialErrorKind, number]>([
    ['authentication_failed', 6],
    ['key_refused', 6],
    ['key_mismatch', 6],
  ])('ends with the code for %s: %i', (kind, code) => {
    expect(failureReport(new CredentialError(kind, 'It failed.'))).toMatchObject({ exitCode: code })
    expect(failureReport(new CredentialError('key_refused', 'x', { detail: 'missing' })).exitCode).toBe(3)
  })

  it('takes a lock for a conflict, and every fault of the configuration for usage', () => {
    const errors = [
      new SecretError('unavailable', 'Locked.', { detail: 'locked' }),
      new ConfigError('config_insecure', '/x', { message: 'Others can write it.' }),
      new ConfigError('config_malformed', '/x', { message: 'It is no JSON.' }),
    ]

    expect(errors.map(error => failureReport(error).exitCode)).toEqual([7, 2, 2])
  })

  it('tells people what to run when a key is missing', () => {
    const { hint } = failureReport(new SecretMissingError({ ...trace('missing'), status: 'missing' }))

    expect(hint).toBe('st-secrets explain X shows what each provider answers.')
  })

  it('tells of a system failure by its code and path', () => {
    const error = Object.assign(new Error(canary), { code: 'EACCES', syscall: 'open', path: '/x' })

    expect(failureReport(error)).toEqual({
      exitCode: 6,
      code: 'ST_CLI_SYSTEM',
      message: 'The system answered EACCES for /x.',
    })
  })

  it('says nothing of what an unforeseen error says', () => {
    class OddError extends Error {}
    const thrown: readonly unknown[] = [
      new OddError(canary),
      canary,
      { canary },
      Object.assign(new Error(canary), { cause: canary }),
    ]

    const reports = thrown.map(failureReport)

    expect(reports.every(({ exitCode, code }) => exitCode === 1 && code === 'ST_CLI_UNEXPECTED')).toBe(true)
    expect(reports[0]?.message).toContain('OddError')
    expect(inspect(reports, { depth: 9 })).not.toContain(canary)
  })

  it('keeps what a command says of itself', () => {
    expect(failureReport(new CliError(3, 'No such key.', 'Look.'))).toEqual({
      exitCode: 3,
      code: 'ST_CLI_NOT_FOUND',
      message: 'No such key.',
      hint: 'Look.',
    })
  })
})
