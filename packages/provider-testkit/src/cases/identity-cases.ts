import { equal, notEqual, ok } from 'node:assert/strict'
import { inspect } from 'node:util'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { calmContext, withProvider } from './provider-under-test.ts'

const held = { HELD_KEY: 'identity-canary-5b1f' }

/** What a provider is before anything is read from it, and when it ends. */
export function identityCases({ holding, credentials = [] }: ConformanceHarness): readonly ConformanceCase[] {
  return [
    {
      title: 'has a name that is not empty and does not change',
      run: () =>
        withProvider(holding, held, async provider => {
          const before: unknown = provider.name
          await provider.getSecret('HELD_KEY', calmContext())

          equal(typeof before, 'string', 'name must be a string')
          notEqual(before, '', 'name must not be empty')
          equal(provider.name, before, 'name must stay the same')
        }),
    },
    {
      title: 'says at once whether it is available',
      run: () =>
        withProvider(holding, held, async provider => {
          const answer: unknown = provider.isAvailable()

          equal(typeof answer, 'boolean', 'isAvailable must answer a boolean, not a promise')
          equal(answer, true, 'a provider over a source that holds secrets must be available')
        }),
    },
    {
      title: 'shows no secret and no credential when it is printed',
      run: () =>
        withProvider(holding, held, async provider => {
          await provider.getSecret('HELD_KEY', calmContext())

          const printed = `${inspect(provider, { depth: 20, showHidden: true })} ${JSON.stringify(provider)}`

          const described = JSON.stringify(provider.describe?.())
          for (const sensitive of [held.HELD_KEY, ...credentials]) {
            ok(
              !printed.includes(sensitive),
              'util.inspect or JSON.stringify of the provider shows a secret or credential',
            )
            ok(!described?.includes(sensitive), 'describe() shows a secret or credential')
          }
        }),
    },
    {
      title: 'may be closed twice',
      run: async () => {
        const provider = await holding(held)

        await provider.close?.()
        await provider.close?.()
      },
    },
  ]
}
