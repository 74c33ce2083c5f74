import { deepEqual, equal, ok } from 'node:assert/strict'
import type { SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { calmContext, shown, withProvider } from './provider-under-test.ts'
import { unusualKeys } from './samples.ts'

/** More than a source takes in one request, twice over: AWS takes 20. */
const batchSize = 45

/** What `readSecrets` answers, where a provider has it; that it agrees with `getSecret` is said elsewhere. */
export function batchCases({ holding }: ConformanceHarness): readonly ConformanceCase[] {
  const many = Array.from({ length: batchSize }, (_, index) => [`KEY_${index}`, `value-${index}`] as const)
  return [
    {
      title: `answers all of ${batchSize} keys through one readSecrets, where present`,
      run: () =>
        withProvider(holding, Object.fromEntries(many), async provider => {
          const answers = await provider.readSecrets?.(
            many.map(([key]) => key),
            calmContext(),
          )
          for (const [key, value] of answers ? many : []) {
            const answer = answers?.get(key)
            ok(!(answer instanceof Error), `readSecrets failed for ${shown(key)}`)
            equal(answer?.value, value, `readSecrets answered something else for ${shown(key)}`)
          }
        }),
    },
    {
      title: 'leaves out of readSecrets, where present, what the source does not hold',
      run: () => withProvider(holding, { HELD_KEY: 'held' }, expectOnlyHeld),
    },
  ]
}

async function expectOnlyHeld(provider: SecretProvider): Promise<void> {
  if (!provider.readSecrets) return
  const some = await provider.readSecrets(['HELD_KEY', 'ABSENT_KEY', ...unusualKeys], calmContext())
  const none = await provider.readSecrets([], calmContext())

  for (const answers of [some, none]) ok(answers instanceof Map, 'readSecrets must answer with a Map')
  // A key that is refused may map to its error.
  const found = [...some].filter(([, answer]) => !(answer instanceof Error)).map(([key]) => key)
  deepEqual(found, ['HELD_KEY'], 'readSecrets must map exactly the keys that the source holds to their values')
  equal(none.size, 0, 'readSecrets answered keys that it was not asked for')
}
