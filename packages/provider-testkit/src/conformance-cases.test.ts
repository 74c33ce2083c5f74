import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { SecretError } from '@st/secrets-core/provider'
import type { ProviderContext } from '@st/secrets-core/provider'
import { runModule } from '@st/test-setup'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { endingsThatLeaveSomething } from './__fixtures__/broken-endings.ts'
import { failuresThatLeaveSomething } from './__fixtures__/broken-failures.ts'
import { pervasiveFlaws, singleFlaws } from './__fixtures__/broken-sources.ts'
import { exemplaryFailure, failingProvider, faults, rejectionOnAbort } from './__fixtures__/exemplary-failures.ts'
import { exemplaryProvider, token } from './__fixtures__/exemplary-provider.ts'
import { failuresOf } from './__fixtures__/failures-of.ts'
import { harnessWithFaults, patience } from './__fixtures__/harness-with-faults.ts'
import { conformanceCases } from './conformance-cases.ts'
import type { ProviderSource } from './conformance-harness.ts'

const obedient: ProviderSource = () => failingProvider(signal => rejectionOnAbort(signal))

beforeEach(() => {
  // What providers print is listened to, and printed all the same.
  vi.spyOn(globalThis.console, 'debug').mockReturnValue()
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.spyOn(process, 'emitWarning').mockReturnValue()
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('conformanceCases', () => {
  it('passes a provider that keeps the contract, with every member and every fault', async () => {
    expect(await failuresOf(harnessWithFaults(exemplaryFailure))).toEqual([])
  })

  it('passes a provider that has only the three required members', async () => {
    const failures = await failuresOf({
      holding: secrets => {
        const { name, isAvailable, getSecret } = exemplaryProvider(secrets)
        return { name, isAvailable, getSecret }
      },
    })

    expect(failures).toEqual([])
  })

  it('gives every case a title of its own', () => {
    const titles = conformanceCases(harnessWithFaults(exemplaryFailure)).map(({ title }) => title)

    expect(new Set(titles).size).toBe(titles.length)
  })

  it('has five cases for each fault that the harness shows, and none for the others', () => {
    const titles = conformanceCases({ holding: exemplaryProvider, faulty: { reset: exemplaryFailure('reset') } })
      .map(({ title }) => title)
      .filter(title => faults.some(fault => title.startsWith(`${fault}:`)))

    expect(titles).toHaveLength(5)
    expect(titles.every(title => title.startsWith('reset:'))).toBe(true)
  })

  it('tells what the provider answered in the failure', async () => {
    const cases = conformanceCases({
      holding: secrets => ({ ...exemplaryProvider(secrets), getSecret: async () => 'x' }),
    })

    const missing = cases.find(({ title }) => title.startsWith('answers undefined, not an error'))

    await expect(missing?.run()).rejects.toThrow('getSecret("ABSENT_KEY") answered "x" instead of undefined')
  })

  it('closes the provider also when the case fails', async () => {
    const open = new Set<object>()
    const holding: ProviderSource = secrets => {
      const provider = { ...exemplaryProvider(secrets), name: '', getSecret: async () => 'wrong' }
      open.add(provider)
      return Object.assign(provider, { close: async () => void open.delete(provider) })
    }

    const failures = await failuresOf({ holding })

    expect(failures.length).toBeGreaterThan(1)
    expect(open.size).toBe(0)
  })

  it('lets a provider refuse what is read after it was closed', async () => {
    const failures = await failuresOf({ holding: closable })

    expect(failures).toEqual([])
  })

  it('lets a provider over an endless answer reject with the reason of the signal', async () => {
    const failures = await failuresOf({ holding: exemplaryProvider, faulty: { hang: obedient, slow_drip: obedient } })

    expect(failures).toEqual([])
  })
})

describe('conformanceCases over a provider with a flaw', () => {
  it.each(Object.entries(pervasiveFlaws))('fail a provider that %s', async (_flaw, [holding, ...failingCases]) => {
    expect(await failuresOf({ holding, credentials: [token] })).toEqual(expect.arrayContaining(failingCases))
  })

  it.each(Object.entries(singleFlaws))(
    'fail a provider that %s, in no other case',
    async (_flaw, [holding, ...failingCases]) => {
      expect(await failuresOf({ holding, credentials: [token], patience })).toEqual(failingCases)
    },
  )

  it('have none that all of these providers pass', () => {
    const flaws = Object.values({ ...pervasiveFlaws, ...singleFlaws, ...endingsThatLeaveSomething })
    const noticed = new Set(flaws.flatMap(([, ...failingCases]) => failingCases))

    const unnoticed = conformanceCases({ holding: exemplaryProvider }).filter(({ title }) => !noticed.has(title))

    expect(unnoticed).toEqual([])
  })

  it('fail a provider that has versions and does not know what was before a rotation', async () => {
    const failures = await failuresOf({
      holding: exemplaryProvider,
      rotated: (_previous, current) => exemplaryProvider(current),
    })

    expect(failures).toEqual(['gives the value from before a rotation for the stage previous, where it has versions'])
  })

  it('fail a provider that leaves a connection open, and not one whose idle connection keeps nothing alive', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    // A server on a port has an address of this form.
    const { port } = server.address() as AddressInfo
    const connecting = (isIdle: boolean): ProviderSource => {
      return secrets => {
        const original = exemplaryProvider(secrets)
        const getSecret = async (key: string, context: ProviderContext): Promise<string | undefined> => {
          const socket = connect(port, '127.0.0.1')
          await once(socket, 'connect')
          if (isIdle) socket.unref()
          return original.getSecret(key, context)
        }
        return { ...original, getSecret }
      }
    }

    const [open, idle] = [
      await failuresOf({ holding: connecting(false), patience }),
      await failuresOf({ holding: connecting(true), patience }),
    ]
    server.close()

    expect(open).toEqual(['leaves nothing that keeps the process alive once it is closed'])
    expect(idle).toEqual([])
  })
})

describe('conformanceCases in a process of their own', () => {
  const packageFolder = fileURLToPath(new URL('..', import.meta.url))

  /** Titles of the cases that fail for a harness, which the script calls so. */
  async function failuresInProcess(harness: string): Promise<unknown> {
    const { stdout } = await runModule(
      `import { endingsThatLeaveSomething } from './src/__fixtures__/broken-endings.ts'
      import { failuresThatLeaveSomething } from './src/__fixtures__/broken-failures.ts'
      import { exemplaryProvider } from './src/__fixtures__/exemplary-provider.ts'
      import { failuresOf } from './src/__fixtures__/failures-of.ts'
      // The other cases have rejections that nobody handles, too.
      process.on('unhandledRejection', () => {})
      console.log(JSON.stringify(await failuresOf(${harness})))`,
      packageFolder,
    )
    // Written by the script above.
    return JSON.parse(stdout) as unknown
  }

  it.each(Object.entries(endingsThatLeaveSomething))('fail a provider that %s', async (flaw, [, ...failingCases]) => {
    const harness = `{ holding: endingsThatLeaveSomething[${JSON.stringify(flaw)}][0], patience: ${patience} }`

    expect(await failuresInProcess(harness)).toEqual(failingCases)
  })

  it.each(Object.keys(failuresThatLeaveSomething))('fail a provider that, over a broken source, %s', async flaw => {
    const source = `failuresThatLeaveSomething[${JSON.stringify(flaw)}][0]`
    const harness = `{ holding: exemplaryProvider, patience: ${patience}, faulty: { reset: ${source}('reset') } }`

    expect(await failuresInProcess(harness)).toEqual([expect.stringMatching(/^reset: nothing is left behind/)])
  })
})

/** Refuses every read once it is closed. */
const closable: ProviderSource = secrets => {
  const original = exemplaryProvider(secrets)
  let isClosed = false
  const open = <Args extends readonly unknown[], Answer>(read: (...args: Args) => Answer) => {
    return (...args: Args): Answer => {
      if (isClosed) throw new SecretError('closed', 'It was closed.', { provider: original.name })
      return read(...args)
    }
  }
  return {
    ...original,
    getSecret: async (...read) => open(original.getSecret)(...read),
    getSecretSync: open(original.getSecretSync),
    readSecret: async (...read) => open(original.readSecret)(...read),
    readSecrets: async (...read) => open(original.readSecrets)(...read),
    readDocument: async (...read) => open(original.readDocument)(...read),
    readDocumentSync: open(original.readDocumentSync),
    close: async () => void (isClosed = true),
  }
}
