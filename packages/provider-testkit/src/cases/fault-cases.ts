import { deepEqual, equal, fail, ok } from 'node:assert/strict'
import { SecretError } from '@st/secrets-core/provider'
import type { ProviderContext, ProviderHealth, SecretErrorKind, SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness, ProviderFault, ProviderSource } from '../conformance-harness.ts'
import { expectedKinds, isEndless, isOfWholeSource } from './fault-kinds.ts'
import { expectFindings, expectForm } from './health-cases.ts'
import { showsAny, tracesOf } from './leaks.ts'
import { leftoversOf } from './leftovers.ts'
import { withProvider } from './provider-under-test.ts'
import { readingWays } from './reading-ways.ts'
import { defaultPatience, outcomeOf, type Outcome } from './settling.ts'
import { unhandledRejectionsWhile } from './unhandled-rejections.ts'

const held = { HELD_KEY: 'fault-canary-9c2e' }
const written = 'fault-canary-written-4ad7'
/** Long enough for a loopback request to be under way, short enough for a suite. */
const longestUntilAbortMs = 100

interface FaultUnderTest {
  readonly fault: string
  readonly kinds: readonly SecretErrorKind[]
  readonly source: ProviderSource
  readonly patience: number
  readonly sensitive: readonly string[]
}

type Call<T> = (context: ProviderContext) => Promise<T>

/** A broken source becomes a typed error, never an answer; nothing shows, and nothing is left behind. */
export function faultCases(harness: ConformanceHarness): readonly ConformanceCase[] {
  const { patience = defaultPatience, credentials = [] } = harness
  const sensitive = [held.HELD_KEY, written, ...credentials]
  return Object.entries({ unavailable: harness.unavailable, ...harness.faulty }).flatMap(([fault, source]) => {
    // `Object.entries` widens the names of the two parts of the harness to `string`.
    const kinds = expectedKinds[fault as ProviderFault | 'unavailable']
    return source ? casesOf({ fault, kinds, source, patience, sensitive }) : []
  })
}

function casesOf(subject: FaultUnderTest): readonly ConformanceCase[] {
  const { fault, kinds, source } = subject
  const broken = (title: string, run: (provider: SecretProvider) => Promise<void>): ConformanceCase => ({
    title: `${fault}: ${title}`,
    run: () => withProvider(source, held, run),
  })
  const anyKind = kinds.join(' or ')
  return [
    broken(`getSecret rejects with a SecretError of kind ${anyKind}`, async provider => {
      expectKind(subject, provider, { way: 'getSecret', failure: await failureOf(subject, readHeld(provider)) })
    }),
    broken('every other way to read fails alike', async provider => {
      for (const { name, read } of readingWays(provider)) {
        const failure = await failureOf(subject, { way: name, call: context => read('HELD_KEY', context) })
        expectKind(subject, provider, { way: name, failure })
      }
    }),
    broken('the error shows no secret and no credential', provider => expectSilence(subject, provider)),
    broken(`checkHealth, where present, answers; ${healthOf(fault)} kind ${anyKind}; nothing shows`, provider =>
      expectFailedHealth(subject, provider),
    ),
    broken('nothing is left behind: no rejection that nobody handles, nothing that keeps the process alive', provider =>
      expectNothingLeft(subject, provider),
    ),
  ]
}

function healthOf(fault: string): string {
  return isOfWholeSource(fault) ? 'it says failed with' : 'if it says failed, then with'
}

interface NamedCall<T> {
  readonly way: string
  readonly call: Call<T>
}

function readHeld(provider: SecretProvider): NamedCall<unknown> {
  return { way: 'getSecret', call: context => provider.getSecret('HELD_KEY', context) }
}

interface Failure {
  readonly error: unknown
  readonly abortReason: unknown
}

function expectKind(
  { fault, kinds }: FaultUnderTest,
  provider: SecretProvider,
  { way, failure: { error, abortReason } }: { readonly way: string; readonly failure: Failure },
): void {
  if (isEndless(fault) && error === abortReason) return
  if (!SecretError.isInstance(error)) fail(`${way} must reject with a SecretError, not with a raw error`)
  ok(kinds.includes(error.kind), `${way} rejected with kind '${error.kind}'`)
  equal(error.provider, provider.name, 'the error must name the provider')
  equal(error.cause, undefined, 'the error must not carry a cause: errors of clients hold tokens and documents')
}

async function expectSilence(subject: FaultUnderTest, provider: SecretProvider): Promise<void> {
  const { error } = await failureOf(subject, readHeld(provider))
  ok(!showsAny(tracesOf(error), subject.sensitive), 'the error shows a secret or a credential')

  if (!provider.setSecret) return
  // A source may be broken for readers alone.
  const { outcome } = await endOf(subject, async context => provider.setSecret?.('WRITTEN_KEY', written, context))
  ok(!showsAny(tracesOf(outcome), subject.sensitive), 'the error of setSecret shows a secret or a credential')
}

async function expectFailedHealth(subject: FaultUnderTest, provider: SecretProvider): Promise<void> {
  if (!provider.checkHealth) return
  const { outcome, abortReason } = await endOf(subject, async context => provider.checkHealth?.(context))
  ok(!showsAny(tracesOf(outcome), subject.sensitive), 'checkHealth shows a secret or a credential')
  if (outcome.status === 'rejected' && isEndless(subject.fault) && outcome.error === abortReason) return
  const health: ProviderHealth | undefined = outcome.status === 'answered' ? outcome.answer : undefined
  if (health === undefined) fail('checkHealth must answer, also when the source is broken')
  expectForm(health)
  expectFindings(health)
  const { status, kind } = health
  // Whoever keeps a secret in a place of its own need not look at each.
  if (status !== 'failed' && !isOfWholeSource(subject.fault)) return
  equal(status, 'failed', `checkHealth said '${status}' of a source that is broken`)
  ok(kind !== undefined && subject.kinds.includes(kind), `checkHealth said that the source failed with kind '${kind}'`)
}

async function expectNothingLeft(subject: FaultUnderTest, provider: SecretProvider): Promise<void> {
  let leftovers: readonly string[] = []
  const unhandled = await unhandledRejectionsWhile(async () => {
    leftovers = await leftoversOf(async () => {
      await endOf(subject, readHeld(provider).call)
      await outcomeOf(async () => provider.close?.())
    }, subject.patience)
  })

  deepEqual(leftovers, [], 'something keeps the process alive after close')
  equal(unhandled, 0, 'a promise was rejected that nobody handles, which ends a process')
}

async function failureOf(subject: FaultUnderTest, { way, call }: NamedCall<unknown>): Promise<Failure> {
  const { outcome, abortReason } = await endOf(subject, call)
  switch (outcome.status) {
    case 'pending':
      return fail(`${way} did not settle, neither by itself nor after its signal aborted`)
    case 'thrown':
      return fail(`${way} must reject, not throw`)
    case 'answered':
      return fail(`${way} must reject: an answer, undefined included, says that the source was asked`)
    case 'rejected':
      return { error: outcome.error, abortReason }
  }
}

interface End<T> {
  readonly outcome: Outcome<T>
  readonly abortReason: unknown
}

/** How a call ended, by itself or because its signal aborted. */
async function endOf<T>({ fault, patience }: FaultUnderTest, call: Call<T>): Promise<End<T>> {
  const controller = new AbortController()
  const patienceMs = patience * 1000
  const untilAbortMs = isEndless(fault) ? Math.min(longestUntilAbortMs, patienceMs / 3) : patienceMs
  const abort = setTimeout(() => controller.abort(), untilAbortMs)
  try {
    const outcome = await outcomeOf(() => call(controller), patience)
    return { outcome, abortReason: controller.signal.reason }
  } finally {
    clearTimeout(abort)
  }
}
