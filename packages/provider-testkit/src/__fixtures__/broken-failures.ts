import { SecretError } from '@st/secrets-core/provider'
import type { ProviderContext, ProviderHealth } from '@st/secrets-core/provider'
import type { ProviderFault, ProviderSource } from '../conformance-harness.ts'
import { exemplaryFailingProvider, failingName, failingProvider, type FailingProvider } from './exemplary-failures.ts'
import { token } from './exemplary-provider.ts'

type Fault = ProviderFault | 'unavailable'

/** For each fault, a provider that answers as none may, with how the titles of the cases that must fail begin. */
export type FailureFlaw = readonly [broken: (fault: Fault) => ProviderSource, ...failingCases: readonly string[]]

const typed = 'getSecret rejects with a SecretError of kind'
const alike = 'every other way to read fails alike'
const silent = 'the error shows no secret and no credential'
const ill = 'checkHealth, where present, answers'
const behind = 'nothing is left behind'
/** Longer than the tests wait for it to go away. */
const outlivesPatienceMs = 2000

/** Flaws that the named cases must notice, and no others. */
export const brokenFailures: Readonly<Record<string, FailureFlaw>> = {
  'swallows the failure': [
    mutant(() => ({ getSecret: async () => undefined, readSecret: async () => undefined })),
    typed,
    alike,
    silent,
  ],
  'swallows the failure of a batch': [mutant(() => ({ readSecrets: async () => new Map() })), alike],
  'rejects with a raw error': [endingWith(() => new Error('ECONNRESET')), typed, alike, ill],
  'puts a raw error into a batch': [
    mutant(() => ({
      readSecrets: async (keys: readonly string[]) => new Map(keys.map(key => [key, new Error('ECONNRESET')])),
    })),
    alike,
  ],
  'does not say which provider failed': [
    mutant(original => ({
      getSecret: async (...[, { signal }]: Parameters<FailingProvider['getSecret']>) => {
        const { kind } = await original.checkHealth({ signal })
        throw new SecretError(kind ?? 'internal', 'no')
      },
    })),
    typed,
  ],
  'throws instead of rejecting': [
    mutant(() => ({
      getSecret: () => {
        throw refusal('unavailable')
      },
    })),
    typed,
    silent,
  ],
  'never settles': [mutant(() => ({ getSecret: () => new Promise(() => {}) })), typed, silent],
  'leaks a secret in the message': [
    leaking(secrets => new Error(`cannot parse ${secrets['HELD_KEY']}`)),
    typed,
    silent,
  ],
  'leaks its token in a cause': [
    leaking(() => Object.assign(refusal('internal'), { cause: { headers: { authorization: token } } })),
    typed,
    silent,
  ],
  'leaks its token in a hidden member': [
    leaking(() => Object.defineProperty(refusal('internal'), 'request', { value: { token } })),
    typed,
    silent,
  ],
  'leaks its token in base64': [
    leaking(() => refusal('internal', `Basic ${Buffer.from(`user:${token}`.slice(5)).toString('base64')}`)),
    typed,
    silent,
  ],
  'leaks the value that it could not store': [
    mutant(() => ({
      setSecret: async (_key: string, value: string) => {
        throw refusal('internal', `cannot store ${value}`)
      },
    })),
    silent,
  ],
  'throws when it is asked how it is': [
    mutant(() => ({
      checkHealth: async () => {
        throw refusal('internal')
      },
    })),
    ill,
  ],
  'says that it failed with another kind': [ailing({ kind: 'internal' }), ill],
  'does not say why it failed': [ailing({ kind: undefined }), ill],
  'knows no remedy': [
    ailing({ findings: [{ id: 'source.failed', severity: 'error', message: 'It does not answer.' }] }),
    ill,
  ],
  'shows its token in its health': [
    ailing({ findings: [{ id: 'source.failed', severity: 'error', message: token, fix: 'Start it.' }] }),
    ill,
  ],
}

/** Flaws that leave something behind in their process, which should be one of their own. */
export const failuresThatLeaveSomething: Readonly<Record<string, FailureFlaw>> = {
  'asks again after a while': [
    mutant(original => ({
      getSecret: (key: string, context: ProviderContext) => {
        setTimeout(() => {}, outlivesPatienceMs)
        return original.getSecret(key, context)
      },
    })),
    behind,
  ],
  'abandons its failure': [
    mutant(original => ({
      getSecret: (key: string, context: ProviderContext) => {
        void original.readSecret({ key }, context)
        return original.getSecret(key, context)
      },
    })),
    behind,
  ],
}

/** Rejects with a kind that stands for no fault of a source. */
export const withAnotherKind: FailureFlaw[0] = endingWith(() => refusal('internal'))

/** Says that it is ready, whatever it meets. */
export const alwaysReady: FailureFlaw[0] = ailing({ status: 'ready', kind: undefined })

/** The exemplary provider over this fault with some members replaced. */
function mutant(
  change: (original: FailingProvider, secrets: Readonly<Record<string, string>>) => object,
): FailureFlaw[0] {
  return fault => secrets => {
    const original = exemplaryFailingProvider(fault)
    return { ...original, ...change(original, secrets) }
  }
}

function endingWith(errorOf: () => Error): FailureFlaw[0] {
  return () => () => failingProvider(() => Promise.reject(errorOf()))
}

function leaking(errorOf: (secrets: Readonly<Record<string, string>>) => Error): FailureFlaw[0] {
  return mutant((_original, secrets) => ({ getSecret: () => Promise.reject(errorOf(secrets)) }))
}

function ailing(health: Partial<ProviderHealth>): FailureFlaw[0] {
  return mutant(original => ({
    checkHealth: async (context: ProviderContext) => ({ ...(await original.checkHealth(context)), ...health }),
  }))
}

function refusal(kind: 'internal' | 'unavailable', message = 'no answer'): SecretError {
  return new SecretError(kind, message, { provider: failingName })
}
