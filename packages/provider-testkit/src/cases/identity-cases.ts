import { equal, notEqual, ok } from 'node:assert/strict'
import { inspect } from 'node:util'
import type { SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { showsAny } from './leaks.ts'
import { printedWhile } from './printed.ts'
import { calmContext, withProvider } from './provider-under-test.ts'
import { allReadingWays } from './reading-ways.ts'
import { outcomeOf } from './settling.ts'

const held = { HELD_KEY: 'identity-canary-5b1f' }

/** What a provider is, and what people see of it. */
export function identityCases({ holding, credentials = [] }: ConformanceHarness): readonly ConformanceCase[] {
  const sensitive = [held.HELD_KEY, ...credentials]
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
          ok(
            !showsAny(printed, sensitive),
            'util.inspect or JSON.stringify of the provider shows a secret or credential',
          )
          const described = JSON.stringify(provider.describe?.() ?? {})
          ok(!showsAny(described, sensitive), 'describe() shows a secret or credential')
        }),
    },
    {
      title: 'prints no secret and no credential',
      run: () =>
        withProvider(holding, held, async provider => {
          const printed = await printedWhile(() => useQuietly(provider))

          ok(!showsAny(printed, sensitive), 'the console, standard output or a warning shows a secret or a credential')
        }),
    },
  ]
}

/** Calls what reads and what asks; whether that goes well is not asked here. */
async function useQuietly(provider: SecretProvider): Promise<void> {
  for (const { read } of allReadingWays(provider)) {
    for (const key of ['HELD_KEY', 'ABSENT_KEY']) await outcomeOf(() => read(key, calmContext()))
  }
  await outcomeOf(async () => provider.checkHealth?.(calmContext()))
  await outcomeOf(async () => provider.close?.())
}
