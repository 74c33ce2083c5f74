import { deepEqual, equal, fail } from 'node:assert/strict'
import { SecretError } from '@st/secrets-core/provider'
import type { SecretErrorKind, SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { leftoversOf } from './leftovers.ts'
import { calmContext, withProvider } from './provider-under-test.ts'
import { allReadingWays, type ReadingWay } from './reading-ways.ts'
import { defaultPatience, outcomeOf } from './settling.ts'
import { unhandledRejectionsWhile } from './unhandled-rejections.ts'

const key = 'HELD_KEY'
const held = { [key]: 'held' }

/** What an abort and `close` end, and that nothing is left of them. */
export function endingCases({ holding, patience = defaultPatience }: ConformanceHarness): readonly ConformanceCase[] {
  const ending = (title: string, run: (provider: SecretProvider) => Promise<void>): ConformanceCase => ({
    title,
    run: () => withProvider(holding, held, run),
  })
  return [
    ending('answers or refuses when its signal has already aborted, and answers the next read', async provider => {
      for (const way of allReadingWays(provider)) await expectAbortHarmless(way)
    }),
    ending('ends reads that are running when it is closed', expectRunningReadsEnd),
    ending("answers after it was closed, or refuses with kind 'closed'", expectClosed),
    ending('may be closed twice', async provider => {
      for (const time of ['first', 'second']) {
        const { status } = await outcomeOf(async () => provider.close?.())
        equal(status, 'answered', `the ${time} close must end, and not reject`)
      }
    }),
    ending('leaves no rejection that nobody handles', async provider => {
      const unhandled = await unhandledRejectionsWhile(() => useAndClose(provider))

      equal(unhandled, 0, 'a promise was rejected that nobody handles, which ends a process')
    }),
    ending('leaves nothing that keeps the process alive once it is closed', async provider => {
      const leftovers = await leftoversOf(() => useAndClose(provider), patience)

      deepEqual(leftovers, [], 'something keeps the process alive after close')
    }),
  ]
}

/** A read, one that is aborted while it runs, and the end. */
async function useAndClose(provider: SecretProvider): Promise<void> {
  const controller = new AbortController()
  await outcomeOf(() => provider.getSecret(key, calmContext()))
  const read = outcomeOf(() => provider.getSecret(key, controller))
  controller.abort()
  await read
  await outcomeOf(async () => provider.close?.())
}

async function expectAbortHarmless({ name, read }: ReadingWay): Promise<void> {
  const signal = AbortSignal.abort()

  await expectAnswerOr(['timeout', 'unavailable'], { name, read: () => read(key, { signal }), signal })
  equal(await read(key, calmContext()), 'held', `${name} must answer again after a read that was aborted`)
}

async function expectRunningReadsEnd(provider: SecretProvider): Promise<void> {
  if (!provider.close) return
  const reads = allReadingWays(provider).map(({ name, read }) => ({ name, reading: read(key, calmContext()) }))
  // Each is looked at below, after the others may have failed.
  for (const { reading } of reads) reading.catch(() => {})
  const closing = outcomeOf(async () => provider.close?.())

  for (const { name, reading } of reads) {
    await expectAnswerOr(['closed', 'unavailable', 'timeout'], { name, read: () => reading })
  }
  equal((await closing).status, 'answered', 'close must end while reads are running')
}

async function expectClosed(provider: SecretProvider): Promise<void> {
  await provider.close?.()

  for (const { name, read } of allReadingWays(provider)) {
    await expectAnswerOr(['closed'], { name, read: () => read(key, calmContext()) })
  }
}

interface Read {
  readonly name: string
  readonly read: () => Promise<string | undefined>
  readonly signal?: AbortSignal
}

/** Fails unless a read answers what is held, or rejects with one of these kinds or the reason of its signal. */
async function expectAnswerOr(kinds: readonly SecretErrorKind[], { name, read, signal }: Read): Promise<void> {
  const outcome = await outcomeOf(read)
  if (outcome.status === 'pending') fail(`${name} did not settle`)
  if (outcome.status === 'thrown') fail(`${name} must reject, not throw`)
  if (outcome.status === 'answered') return equal(outcome.answer, 'held', `${name} must answer what is held, or reject`)
  const { error } = outcome
  if (signal?.aborted === true && error === signal.reason) return
  if (!SecretError.isInstance(error)) fail(`${name} must reject with a SecretError, not with a raw error`)
  if (!kinds.includes(error.kind)) fail(`${name} rejected with kind '${error.kind}'`)
}
