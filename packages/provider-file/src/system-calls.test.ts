import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { SecretError } from '@st/secrets-core/provider'
import { afterEach, describe, expect, it } from 'vitest'
import { printed } from './__fixtures__/printed.ts'
import { intercepting, systemError } from './__fixtures__/system-calls.ts'
import type { Interceptor, SystemCall } from './__fixtures__/system-calls.ts'
import { FileSecretProvider } from './file-secret-provider.ts'

const canary = 'injected-canary-6f02'
const umask = process.umask()

afterEach(() => {
  process.umask(umask)
})

/** Something to do with a file, and what the file holds before and after it. */
interface Operation {
  readonly name: string
  readonly before: string | undefined
  readonly after: string
  readonly run: (provider: FileSecretProvider) => Promise<unknown>
}

const operations: readonly Operation[] = [
  {
    name: 'set, which makes the file and its directories',
    before: undefined,
    after: `{\n  "TOKEN": "${canary}"\n}\n`,
    run: provider => provider.setSecret('TOKEN', canary),
  },
  {
    name: 'set',
    before: '{\n  "KEPT": "kept",\n  "TOKEN": "old"\n}\n',
    after: `{\n  "KEPT": "kept",\n  "TOKEN": "${canary}"\n}\n`,
    run: provider => provider.setSecret('TOKEN', canary),
  },
  {
    name: 'delete',
    before: `{\n  "KEPT": "kept",\n  "TOKEN": "${canary}"\n}\n`,
    after: '{\n  "KEPT": "kept"\n}\n',
    run: provider => provider.deleteSecret('TOKEN'),
  },
]

let trials = 0

/** A provider over a file of its own, in the state before the operation. */
function prepared({ before }: Operation): { readonly provider: FileSecretProvider; readonly filePath: string } {
  trials += 1
  const filePath = join(homedir(), `trial-${trials}`, 'deep', 'secrets.json')
  if (before !== undefined) {
    mkdirSync(join(filePath, '..'), { recursive: true })
    writeFileSync(filePath, before, { mode: 0o600 })
  }
  return { provider: new FileSecretProvider({ filePath }), filePath }
}

function textOf(filePath: string): string | undefined {
  return existsSync(filePath) ? readFileSync(filePath, 'utf8') : undefined
}

/** What came of an operation one call of which failed. */
interface Trial {
  readonly call: string
  /** `undefined` when the operation succeeded nevertheless. */
  readonly failure: unknown
  readonly text: string | undefined
  /** What lies beside the file once it has been written again. */
  readonly leftovers: readonly string[]
  /** A lock that is left would hold up the next writer. */
  readonly isLocked: boolean
}

/** Lets the call with this ordinal fail; `undefined` when the operation makes no such call. */
async function tryWith(operation: Operation, ordinal: number, fail: Interceptor): Promise<Trial | undefined> {
  const { provider, filePath } = prepared(operation)
  let call: SystemCall | undefined
  let failure: unknown
  await intercepting(
    async current => {
      if (current.ordinal !== ordinal) return current.proceed()
      call = current
      return fail(current)
    },
    async () => {
      failure = await operation.run(provider).then(
        () => undefined,
        (error: unknown) => error,
      )
    },
  )
  if (call === undefined) return undefined
  const text = textOf(filePath)
  const isLocked = existsSync(`${filePath}.lock`)
  await provider.setSecret('NEXT', 'x')
  const leftovers = readdirSync(join(filePath, '..')).filter(name => name !== 'secrets.json')
  return { call: call.name, failure, text, leftovers, isLocked }
}

/** One trial for each call that the operation makes. */
async function tryEach(operation: Operation, fail: Interceptor): Promise<readonly Trial[]> {
  const found: Trial[] = []
  for (let ordinal = 1; ; ordinal += 1) {
    const trial = await tryWith(operation, ordinal, fail)
    if (trial === undefined) return found
    found.push(trial)
  }
}

/** A file that was opened must not stay open. */
async function closeFirst({ name, proceed }: SystemCall): Promise<void> {
  if (name === 'FileHandle.close') await proceed()
}

function failingWith(code: string): Interceptor {
  return async call => {
    await closeFirst(call)
    await call.proceedHalf()
    throw systemError(code, call.name)
  }
}

/** As over a network: the call is made, and its success is not heard of. */
function failingAfterwards(code: string): Interceptor {
  return async call => {
    const result = await call.proceed()
    if (typeof result === 'object' && result !== null && 'fd' in result) {
      // It is a file handle.
      await (result as FileHandle).close()
    }
    throw systemError(code, call.name)
  }
}

const codes = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE']
/** Of these one operation is enough: they are told apart nowhere. */
const furtherCodes = ['EROFS', 'EINTR', 'EBUSY', 'EDQUOT', 'ENAMETOOLONG']

describe.each(operations)('$name', operation => {
  it.each(operation.name === 'set' ? [...codes, ...furtherCodes] : codes)(
    'leaves the old file or the new one, and no lock, when any one call fails with %s',
    async code => {
      const done = await tryEach(operation, failingWith(code))

      expect(done.length).toBeGreaterThan(30)
      for (const { call, failure, text, leftovers, isLocked } of done) {
        const isChanged = text === operation.after
        const outcome = { call, isWhole: isChanged || text === operation.before, leftovers, isLocked }
        expect(outcome).toEqual({ call, isWhole: true, leftovers: [], isLocked: false })
        // What was said to be stored is stored.
        expect({ call, isStored: failure !== undefined || isChanged }).toEqual({ call, isStored: true })
        if (failure === undefined) continue
        expect({ call, isTyped: SecretError.isInstance(failure) }).toEqual({ call, isTyped: true })
        expect(['unavailable', 'forbidden', 'not_configured', 'conflict']).toContain((failure as SecretError).kind)
        expect(printed(failure)).not.toContain(canary)
      }
    },
  )

  it('leaves the old file or the new one when the success of a call is not heard of', async () => {
    const done = await tryEach(operation, failingAfterwards('EIO'))

    expect(done.length).toBeGreaterThan(30)
    for (const { call, failure, text, leftovers } of done) {
      const isChanged = text === operation.after
      const isWhole = isChanged || text === operation.before
      expect({ call, isWhole, isStored: failure !== undefined || isChanged, leftovers }).toEqual({
        call,
        isWhole: true,
        isStored: true,
        leftovers: [],
      })
    }
  })

  it('says so when the change is made and may not survive', async () => {
    const done = await tryEach(operation, failingWith('EIO'))

    const unsure = done.filter(({ failure, text }) => failure !== undefined && text === operation.after)
    // Opening, syncing and closing the directory.
    expect(unsure.map(({ call }) => call)).toEqual(['open', 'FileHandle.sync', 'FileHandle.close'])
    for (const { failure } of unsure) expect(String(failure)).toContain('the change is made, and may be lost')
  })

  it.each([0o000, 0o022, 0o777])(
    'never has a file that others can get at, before any call, under umask %o',
    async mask => {
      process.umask(mask)
      const { provider, filePath } = prepared(operation)
      const directory = join(filePath, '..')
      if (operation.before !== undefined) chmodSync(filePath, 0o600)
      const seen: string[] = []

      await intercepting(
        async ({ proceed }) => {
          const names = existsSync(directory) ? readdirSync(directory) : []
          for (const name of names) seen.push(`${name}: ${(statSync(join(directory, name)).mode & 0o077).toString(8)}`)
          return proceed()
        },
        () => operation.run(provider),
      )

      expect(seen.some(line => line.includes('.tmp'))).toBe(true)
      expect(seen.some(line => line.includes('.lock'))).toBe(true)
      expect(seen.filter(line => !line.endsWith(': 0'))).toEqual([])
      expect(statSync(filePath).mode & 0o777).toBe(0o600)
    },
  )
})

describe('a file system whose directories cannot be synced', () => {
  it.each(['EINVAL', 'ENOTSUP'])('answers %s, and the change counts as made', async code => {
    const { provider, filePath } = prepared(operations[1] as Operation)

    await intercepting(
      async ({ name, proceed }) => {
        const result = await proceed()
        // The second one: the first is of the file.
        if (name === 'FileHandle.sync' && textOf(filePath)?.includes(canary)) throw systemError(code, name)
        return result
      },
      () => provider.setSecret('TOKEN', canary),
    )

    expect(textOf(filePath)).toContain(canary)
  })
})
