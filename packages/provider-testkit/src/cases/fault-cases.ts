import { equal, fail, ok } from 'node:assert/strict'
import { inspect } from 'node:util'
import { SecretError } from '@st/secrets-core/provider'
import type { ProviderContext, SecretErrorKind, SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness, ProviderFault, ProviderSource } from '../conformance-harness.ts'
import { withProvider } from './provider-under-test.ts'
import { readingWays } from './reading-ways.ts'

const held = { HELD_KEY: 'fault-canary-9c2e' }
/** Long enough for a loopback request to be under way, short enough for a suite. */
const abortAfterMs = 100
const defaultPatience = 5

const expectedKinds: Readonly<Record<ProviderFault | 'unavailable', readonly SecretErrorKind[]>> = {
  unavailable: ['unavailable', 'timeout', 'throttled'],
  hang: ['timeout', 'unavailable'],
  reset: ['unavailable'],
  throttle: ['throttled'],
  forbidden: ['forbidden'],
  unauthenticated: ['unauthenticated'],
  malformed: ['malformed'],
  redirect_cross_origin: ['insecure'],
  slow_drip: ['timeout', 'unavailable'],
  huge_body: ['malformed'],
}
/** These end only because the signal aborts, so that the signal's own reason is an answer too. */
const endlessFaults: readonly string[] = ['hang', 'slow_drip']

/** A broken source becomes a typed error, never an answer, and the error shows nothing. */
export function faultCases(harness: ConformanceHarness): readonly ConformanceCase[] {
  const sources = Object.entries({ unavailable: harness.unavailable, ...harness.faulty })
  return sources.flatMap(([fault, source]) => {
    // `Object.entries` widens the names of the two parts of the harness to `string`.
    const kinds = expectedKinds[fault as ProviderFault | 'unavailable']
    return source ? casesOf({ fault, kinds, source, harness }) : []
  })
}

interface FaultUnderTest {
  readonly fault: string
  readonly kinds: readonly SecretErrorKind[]
  readonly source: ProviderSource
  readonly harness: ConformanceHarness
}

type Read = (context: ProviderContext) => Promise<unknown>

function casesOf(subject: FaultUnderTest): readonly ConformanceCase[] {
  const { fault, kinds, source, harness } = subject
  return [
    {
      title: `${fault}: getSecret rejects with a SecretError of kind ${kinds.join(' or ')}`,
      run: () =>
        withProvider(source, held, async provider => {
          await expectKind(subject, provider, { way: 'getSecret', read: readHeld(provider) })
        }),
    },
    {
      title: `${fault}: every other way to read fails alike`,
      run: () =>
        withProvider(source, held, async provider => {
          for (const { name, read } of readingWays(provider)) {
            await expectKind(subject, provider, { way: name, read: context => read('HELD_KEY', context) })
          }
        }),
    },
    {
      title: `${fault}: the error shows no secret and no credential`,
      run: () =>
        withProvider(source, held, async provider => {
          const { error } = await failureOf(subject, 'getSecret', readHeld(provider))

          for (const sensitive of [held.HELD_KEY, ...(harness.credentials ?? [])]) {
            ok(!tracesOf(error).includes(sensitive), 'the error shows a secret or a credential')
          }
        }),
    },
  ]
}

function readHeld(provider: SecretProvider): Read {
  return context => provider.getSecret('HELD_KEY', context)
}

async function expectKind(
  subject: FaultUnderTest,
  provider: SecretProvider,
  { way, read }: { readonly way: string; readonly read: Read },
): Promise<void> {
  const { error, abortReason } = await failureOf(subject, way, read)
  if (endlessFaults.includes(subject.fault) && error === abortReason) return
  if (!SecretError.isInstance(error)) fail(`${way} must reject with a SecretError, not with a raw error`)
  ok(subject.kinds.includes(error.kind), `${way} rejected with kind '${error.kind}'`)
  equal(error.provider, provider.name, 'the error must name the provider')
  equal(error.cause, undefined, 'the error must not carry a cause: errors of clients hold tokens and documents')
}

interface Failure {
  readonly error: unknown
  readonly abortReason: unknown
}

async function failureOf({ fault, harness }: FaultUnderTest, way: string, read: Read): Promise<Failure> {
  const controller = new AbortController()
  const patienceMs = (harness.patience ?? defaultPatience) * 1000
  const abort = setTimeout(() => controller.abort(), endlessFaults.includes(fault) ? abortAfterMs : patienceMs)
  const patience = Promise.withResolvers<'pending'>()
  const giveUp = setTimeout(() => patience.resolve('pending'), patienceMs)
  try {
    const outcome = await Promise.race([settled(read, controller.signal), patience.promise])
    if (outcome === 'pending') fail(`${way} did not settle, neither by itself nor after its signal aborted`)
    if (outcome === 'thrown') fail(`${way} must reject, not throw`)
    if (outcome === 'answered')
      fail(`${way} must reject: an answer, undefined included, says that the source was asked`)
    return { error: outcome.error, abortReason: controller.signal.reason }
  } finally {
    clearTimeout(abort)
    clearTimeout(giveUp)
  }
}

async function settled(read: Read, signal: AbortSignal): Promise<'thrown' | 'answered' | { readonly error: unknown }> {
  let pending: Promise<unknown>
  try {
    pending = read({ signal })
  } catch {
    return 'thrown'
  }
  try {
    await pending
    return 'answered'
  } catch (error) {
    return { error }
  }
}

/** Everything of an error that logs may show. */
function tracesOf(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' }
  return [message, stack, inspect(error, { depth: 20, showHidden: true }), jsonOf(error)].join('\n')
}

function jsonOf(error: unknown): string {
  try {
    return JSON.stringify(error)
  } catch {
    return ''
  }
}
