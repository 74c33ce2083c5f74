import { notEqual, ok } from 'node:assert/strict'
import type { ProviderProvenance, SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { showsAny } from './leaks.ts'
import { calmContext, withProvider } from './provider-under-test.ts'

const key = 'HELD_KEY'
const held = { [key]: 'provenance-canary-77d0' }

type NamedProvenance = readonly [way: string, provenance: ProviderProvenance]

/** What a provider says of its answers, where it says something. */
export function provenanceCases({ holding, credentials = [] }: ConformanceHarness): readonly ConformanceCase[] {
  return [
    {
      title: 'says how long an answer holds, which version it is and where it was found in the right form',
      run: () =>
        withProvider(holding, held, async provider => {
          for (const [way, { ttl, version, locator }] of await provenancesOf(provider)) {
            ok(isSecondsOrNothing(ttl), `the ttl of ${way} must be a number of seconds from 0`)
            ok(isTextOrNothing(version), `the version of ${way} must be a text that is not empty`)
            ok(isTextOrNothing(locator), `the locator of ${way} must be a text that is not empty`)
          }
        }),
    },
    {
      title: 'shows no secret and no credential in what it says of an answer',
      run: () =>
        withProvider(holding, held, async provider => {
          for (const [way, { version, locator }] of await provenancesOf(provider)) {
            const isShown = showsAny(`${version} ${locator}`, [...Object.values(held), ...credentials])

            ok(!isShown, `the version or the locator of ${way} shows a secret or a credential`)
          }
        }),
    },
    {
      title: 'gives a changed value another version, where it gives versions',
      run: () => withProvider(holding, held, expectAnotherVersion),
    },
  ]
}

async function provenancesOf(provider: SecretProvider): Promise<readonly NamedProvenance[]> {
  const batch = await provider.readSecrets?.([key], calmContext())
  const answers: readonly (readonly [string, ProviderProvenance | Error | undefined])[] = [
    ['readSecret', await provider.readSecret?.({ key }, calmContext())],
    ['readSecrets', batch?.get(key)],
    ['readDocument', await provider.readDocument?.({}, calmContext())],
    ['readDocumentSync', provider.readDocumentSync?.({})],
  ]
  return answers.flatMap(([way, answer]): readonly NamedProvenance[] =>
    answer === undefined || answer instanceof Error ? [] : [[way, answer]],
  )
}

function isSecondsOrNothing(member: unknown): boolean {
  return member === undefined || (typeof member === 'number' && member >= 0)
}

function isTextOrNothing(member: unknown): boolean {
  return member === undefined || (typeof member === 'string' && member !== '')
}

async function expectAnotherVersion(provider: SecretProvider): Promise<void> {
  if (!provider.setSecret) return
  const before = new Map(await provenancesOf(provider))
  await provider.setSecret(key, 'changed', calmContext())

  for (const [way, { version }] of await provenancesOf(provider)) {
    if (version === undefined) continue
    notEqual(version, before.get(way)?.version, `${way} gave a changed value the version that it had before`)
  }
}
