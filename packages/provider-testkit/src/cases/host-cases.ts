import { equal, ok } from 'node:assert/strict'
import type { ProviderHost, SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { showsAny, tracesOf } from './leaks.ts'
import { calmContext, withProvider } from './provider-under-test.ts'
import { allReadingWays } from './reading-ways.ts'

const held = { HELD_KEY: 'host-canary-e41b' }

/** What a provider does with the host that `attach` gives it; every other case reads without one. */
export function hostCases({ holding, credentials = [] }: ConformanceHarness): readonly ConformanceCase[] {
  return [
    {
      title: 'reads with a host that was attached before as it reads without',
      run: () =>
        withProvider(holding, held, async provider => {
          const answer: unknown = provider.attach?.(new RecordingHost())

          equal(answer, undefined, 'attach must answer nothing, and no promise')
          for (const { name, read } of allReadingWays(provider)) {
            equal(await read('HELD_KEY', calmContext()), held.HELD_KEY, `${name} must read when a host is attached`)
          }
        }),
    },
    {
      title: 'tells its host no secret, and no credential but those to protect',
      run: () =>
        withProvider(holding, held, async provider => {
          const host = new RecordingHost()
          await useWith(provider, host)

          const isTold = showsAny(host.told.map(tracesOf).join('\n'), [held.HELD_KEY, ...credentials])
          ok(!isTold, 'report or changed was called with a secret or a credential')
          const isEachText = host.toProtect.every(sensitive => typeof sensitive === 'string' && sensitive !== '')
          ok(isEachText, 'protect must be called with a text that is not empty')
        }),
    },
  ]
}

/** Reads, and ends; whether that goes well is not asked here. */
async function useWith(provider: SecretProvider, host: ProviderHost): Promise<void> {
  try {
    provider.attach?.(host)
    await provider.getSecret('HELD_KEY', calmContext())
  } finally {
    await provider.close?.()
  }
}

class RecordingHost implements ProviderHost {
  readonly told: unknown[] = []
  readonly toProtect: unknown[] = []

  protect(sensitive: string): void {
    this.toProtect.push(sensitive)
  }

  changed(keys: Iterable<string> = []): void {
    this.told.push([...keys])
  }

  report(event: string, detail?: Readonly<Record<string, unknown>>): void {
    this.told.push([event, detail])
  }
}
