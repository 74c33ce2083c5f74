import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { SecretError } from '@st/secrets-core/provider'
import { afterEach, describe, expect, it } from 'vitest'
import { asUnprivileged } from './__fixtures__/as-unprivileged.ts'
import { bombs, contents } from './__fixtures__/content-faults.ts'
import type { FaultRow } from './__fixtures__/fault-row.ts'
import { locks } from './__fixtures__/lock-faults.ts'
import { permissions, places } from './__fixtures__/place-faults.ts'
import { printed } from './__fixtures__/printed.ts'
import { FileSecretProvider } from './file-secret-provider.ts'

const canary = 'fault-canary-1c9b'
const faultRows = [...contents, ...bombs, ...places, ...permissions, ...locks]

afterEach(() => {
  // A directory that may not be entered could not be cleared away.
  for (const name of readdirSync(homedir())) chmodSync(join(homedir(), name), 0o700)
})

interface Arranged {
  readonly provider: FileSecretProvider
  readonly filePath: string
  readonly asWhoever: <T>(run: () => Promise<T>) => Promise<T>
}

async function arranged(row: FaultRow): Promise<Arranged> {
  chmodSync(homedir(), 0o755)
  const directory = join(homedir(), 'directory')
  mkdirSync(directory, { mode: 0o700 })
  const filePath = join(directory, row.file ?? 'secrets.json')
  if (row.isUnprivileged && process.geteuid?.() === 0) chmodSync(directory, 0o755)
  await row.arrange(filePath)
  const provider = new FileSecretProvider({ filePath, ...row.options })
  return { provider, filePath, asWhoever: row.isUnprivileged ? asUnprivileged : async run => run() }
}

/** What a call ends with: its answer, or the kind of a typed error that shows nothing. */
async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call
  } catch (error) {
    if (!SecretError.isInstance(error)) throw error
    if (printed(error).includes(canary)) return 'shows a value'
    return error.hint === undefined ? 'gives no remedy' : error.kind
  }
}

/** Bytes, type, mode and number of what is in the place of the file; `undefined` when there is nothing. */
function stateOf(filePath: string): unknown {
  try {
    const stats = lstatSync(filePath)
    const isSmallFile = existsSync(filePath) && statSync(filePath).isFile() && statSync(filePath).size < 10_000_000
    return { mode: stats.mode, inode: stats.ino, bytes: isSmallFile ? readFileSync(filePath).toString('base64') : '' }
  } catch {
    return undefined
  }
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) && statSync(directory).isDirectory() ? readdirSync(directory).toSorted() : []
}

/** What a writer may leave behind. */
function leftoversIn(directory: string): readonly string[] {
  return namesIn(directory).filter(name => /\.(?:tmp|lock|claim)$/.test(name))
}

/** A caller that does not wait for ever. */
function patience(): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.timeout(1500) }
}

describe('every state of the file', () => {
  it('is covered by at least forty rows', () => {
    expect(faultRows.length).toBeGreaterThanOrEqual(40)
    expect(new Set(faultRows.map(({ name }) => name)).size).toBe(faultRows.length)
  })

  it.each(faultRows)('$name: reads, or says why not', async row => {
    const { provider, filePath, asWhoever } = await arranged(row)
    const before = stateOf(filePath)
    const expected = typeof row.read === 'string' ? row.read : row.read.value

    const outcomes = await asWhoever(async () => [
      await outcomeOf(provider.getSecret('TOKEN')),
      await outcomeOf(Promise.resolve().then(() => provider.getSecretSync('TOKEN'))),
    ])

    expect(outcomes).toEqual([expected, expected])
    expect(stateOf(filePath)).toEqual(before)
  })

  it.each(faultRows)('$name: stores a value, or says why not and leaves everything as it is', async row => {
    const { provider, filePath, asWhoever } = await arranged(row)
    const before = [stateOf(filePath), namesIn(dirname(filePath))]

    const outcome = await asWhoever(async () => outcomeOf(provider.setSecret('TOKEN', canary, patience())))

    const stored = async (): Promise<unknown> => ({
      token: await provider.getSecret('TOKEN'),
      other: await provider.getSecret('OTHER'),
      mode: statSync(filePath).mode & 0o777,
      leftovers: leftoversIn(dirname(filePath)),
    })
    expect(outcome).toBe(row.set === 'stored' ? undefined : row.set)
    expect(row.set === 'stored' ? await stored() : [stateOf(filePath), namesIn(dirname(filePath))]).toEqual(
      row.set === 'stored'
        ? { token: canary, other: row.holdsNothingElse ? undefined : 'kept', mode: 0o600, leftovers: [] }
        : before,
    )
  })

  it.each(faultRows)('$name: removes a key, or says why not and leaves everything as it is', async row => {
    const { provider, filePath, asWhoever } = await arranged(row)
    const before = [stateOf(filePath), namesIn(dirname(filePath))]

    const outcome = await asWhoever(async () => outcomeOf(provider.deleteSecret('TOKEN', patience())))

    const removed = async (): Promise<unknown> => ({
      token: await provider.getSecret('TOKEN'),
      other: await provider.getSecret('OTHER'),
      leftovers: leftoversIn(dirname(filePath)),
    })
    expect(outcome).toBe(row.remove)
    expect(row.remove === true ? await removed() : [stateOf(filePath), namesIn(dirname(filePath))]).toEqual(
      row.remove === true
        ? { token: undefined, other: row.holdsNothingElse ? undefined : 'kept', leftovers: [] }
        : before,
    )
  })
})
