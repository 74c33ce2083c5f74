import { describe, expect, it } from 'vitest'
import { alwaysReady, brokenFailures, withAnotherKind } from './__fixtures__/broken-failures.ts'
import { faults } from './__fixtures__/exemplary-failures.ts'
import { failuresOf } from './__fixtures__/failures-of.ts'
import { harnessWithFaults } from './__fixtures__/harness-with-faults.ts'

/** One of each sort: one that has no name of a fault, one that never ends, one that may be that of one secret. */
const sorts = ['unavailable', 'hang', 'malformed'] as const

describe('conformanceCases over broken sources', () => {
  it.each(Object.entries(brokenFailures))(
    'fail a provider that %s, and in no other case',
    async (_flaw, [source, ...failingCases]) => {
      const failures = await failuresOf(harnessWithFaults(source, sorts))

      const expected = sorts.flatMap(fault => failingCases.map(title => `${fault}: ${title}`))
      const beginnings = failures.map(title => expected.find(beginning => title.startsWith(beginning)) ?? title)
      expect(beginnings.toSorted()).toEqual(expected.toSorted())
    },
  )

  it.each(faults)('fail a provider that rejects with another kind over a source with the fault %s', async fault => {
    const failures = await failuresOf(harnessWithFaults(withAnotherKind, [fault]))

    expect(failures).toEqual([1, 2, 3].map(() => expect.stringMatching(`^${fault}: `)))
  })

  it('fail a provider that says that it is ready, unless the fault may be that of one secret', async () => {
    const failures = await failuresOf(harnessWithFaults(alwaysReady))

    expect(failures.map(title => title.replace(/; .*/, ''))).toEqual(
      ['unavailable', 'hang', 'reset', 'throttle', 'unauthenticated', 'redirect_cross_origin', 'slow_drip'].map(
        fault => `${fault}: checkHealth, where present, answers`,
      ),
    )
  })
})
