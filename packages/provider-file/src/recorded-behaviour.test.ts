import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { SecretError } from '@st/secrets-core/provider'
import { describe, expect, it } from 'vitest'
import { bytesOf, recordedParsings, recordedPaths } from './__fixtures__/recorded.ts'
import type { RecordedParsing, RecordedPath } from './__fixtures__/recorded.ts'
import { FileSecretProvider } from './file-secret-provider.ts'

const maxBytes = 8 * 1024 * 1024

function inHome(path: string): string {
  return path.replaceAll('$HOME', homedir())
}

function providerOver({ file, content }: RecordedParsing): FileSecretProvider {
  const filePath = join(homedir(), file)
  writeFileSync(filePath, bytesOf(content))
  return new FileSecretProvider({ filePath, maxBytes })
}

/** What reading gives: the values and the unusable keys, or the kind of the error. */
async function outcomeOf(provider: FileSecretProvider): Promise<unknown> {
  try {
    const document = await provider.readDocument()
    return { values: new Map(document?.values), unusable: [...(document?.unusable?.keys() ?? [])] }
  } catch (error) {
    if (!SecretError.isInstance(error)) throw error
    return error.kind
  }
}

function expectedValues(values: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? value : '\uD83D']))
}

/** Of a large file only the number of its keys is recorded. */
function lengthIn({ improved }: RecordedParsing): number {
  const { $summary } = improved.values as { readonly $summary: { readonly length: number } }
  return $summary.length
}

describe('files as recorded', () => {
  const cases = recordedParsings.map(recorded => [`${recorded.file}: ${recorded.name}`, recorded] as const)

  it('are 91', () => {
    expect(recordedParsings).toHaveLength(91)
  })

  it.each(cases.filter(([, { improved }]) => improved.ok === false))('%s: is refused', async (_title, recorded) => {
    expect(await outcomeOf(providerOver(recorded))).toBe('malformed')
  })

  it.each(cases.filter(([, { improved }]) => improved.either))('%s: is read or refused', async (_title, recorded) => {
    const outcome = await outcomeOf(providerOver(recorded))

    expect(outcome === 'malformed' || typeof outcome === 'object').toBe(true)
  })

  it.each(cases.filter(([, { improved }]) => improved.ok && !('$summary' in (improved.values ?? {}))))(
    '%s: is read',
    async (_title, recorded) => {
      const { values = {}, unusable = [] } = recorded.improved

      const outcome = await outcomeOf(providerOver(recorded))

      expect(outcome).toEqual({ values: expectedValues(values), unusable })
    },
  )

  it.each(cases.filter(([, { improved }]) => '$summary' in (improved.values ?? {})))(
    '%s: is read as a whole',
    async (_title, recorded) => {
      const length = lengthIn(recorded)

      const document = await providerOver(recorded).readDocument()

      expect(document?.values.size).toBe(length)
      expect(document?.values.get(`KEY_${length - 1}`)).toBe(`value-${length - 1}`)
    },
  )
})

describe('paths as recorded', () => {
  function create(files: NonNullable<RecordedPath['files']>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(inHome(path)), { recursive: true })
      if (typeof content === 'string') writeFileSync(inHome(path), content)
      else if ('dir' in content) mkdirSync(inHome(path))
      else symlinkSync(inHome(content.symlink), inHome(path))
    }
  }

  it('are 12', () => {
    expect(recordedPaths).toHaveLength(12)
  })

  it.each(recordedPaths)('$name', ({ filePath, files = {}, resolved, isAvailable }) => {
    create(files)

    const provider = new FileSecretProvider({ filePath: filePath && inHome(filePath) })

    // R22: a path of the caller's own is kept also when there is nothing yet; it is never exchanged for a default one.
    const kept = resolved ?? (filePath ? resolve(inHome(filePath)) : '$HOME/.simpletuner/secrets.json')
    expect(provider.describe().filePath).toBe(inHome(kept))
    expect(provider.isAvailable()).toBe(isAvailable)
  })
})
