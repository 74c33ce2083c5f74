import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeWithPeer } from './describe-with-peer.ts'
import type { Peer } from './peer.ts'
import { requirePeer, statusOf } from './require-peer.ts'

const absent: Peer<{ path: string }> = { what: 'Tests', how: 'install it', find: () => undefined }

beforeEach(() => {
  vi.stubEnv('ST_INSTALL_PEERS', undefined)
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('statusOf', () => {
  it('says where a peer is', async () => {
    expect(await statusOf({ ...absent, find: () => ({ path: '/bin/x' }) })).toEqual({ status: 'found', path: '/bin/x' })
  })

  it('says how to get a missing one and installs nothing unasked', async () => {
    const install = vi.fn<() => Promise<void>>()

    expect(await statusOf({ ...absent, install })).toEqual({ status: 'missing', how: 'install it' })
    expect(install).not.toHaveBeenCalled()
  })

  it('installs a missing one when asked to', async () => {
    vi.stubEnv('ST_INSTALL_PEERS', '1')
    let path: string | undefined
    const peer = {
      ...absent,
      find: () => (path === undefined ? undefined : { path }),
      install: async () => void (path = '/bin/new'),
    }

    expect(await statusOf(peer)).toEqual({ status: 'found', path: '/bin/new' })
  })

  it('fails when what was to be installed is still not there', async () => {
    vi.stubEnv('ST_INSTALL_PEERS', '1')

    await expect(statusOf({ ...absent, install: async () => {} })).rejects.toThrow(
      'Tests: installed, and still not found',
    )
  })

  it('reports what cannot be installed as missing even when asked to install', async () => {
    vi.stubEnv('ST_INSTALL_PEERS', '1')

    expect(await statusOf(absent)).toEqual({ status: 'missing', how: 'install it' })
  })
})

describe('requirePeer', () => {
  it('says loudly that tests are skipped', async () => {
    vi.stubEnv('ST_TEST_VAULT_ADDR', undefined)
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)

    const peer = await requirePeer('vault')

    expect(peer.status).toBe('missing')
    expect(write).toHaveBeenCalledExactlyOnceWith(
      'SKIPPED: Tests against a real Vault — start one (vault server -dev) and set ST_TEST_VAULT_ADDR and ST_TEST_VAULT_TOKEN\n',
    )
  })

  it('finds a Vault by the variables for tests, never by those of the user', async () => {
    vi.stubEnv('VAULT_ADDR', 'https://vault.example')
    vi.stubEnv('VAULT_TOKEN', 'real')
    vi.stubEnv('ST_TEST_VAULT_ADDR', 'http://127.0.0.1:8200')
    vi.stubEnv('ST_TEST_VAULT_TOKEN', 'root')

    const peer = await requirePeer('vault')

    expect(peer).toEqual({ status: 'found', url: 'http://127.0.0.1:8200', token: 'root' })
  })
})

describe('describeWithPeer', () => {
  it('registers a group that runs when the peer was found', () => {
    const titles: string[] = []
    const describeSpy = Object.assign((title: string, body: () => void) => (titles.push(title), body()), {
      skip: vi.fn<() => void>(),
    })

    describeWithPeer(describeSpy, { status: 'found', path: '/bin/x' })('group', peer => titles.push(peer().path))

    expect(titles).toEqual(['group', '/bin/x'])
    expect(describeSpy.skip).not.toHaveBeenCalled()
  })

  it('registers a skipped group, with its tests, when the peer is missing', () => {
    const run = vi.fn<() => void>()
    const skip = (title: string, body: () => void): void => {
      run()
      body()
      expect(title).toBe('group')
    }

    describeWithPeer<{ path: string }>(Object.assign(vi.fn<() => void>(), { skip }), {
      status: 'missing',
      how: 'install it',
    })('group', peer => expect(peer).toThrow('install it'))

    expect(run).toHaveBeenCalledOnce()
  })
})

describe('withInstallLock', () => {
  it('lets one process install at a time', async () => {
    const log = join(homedir(), 'log')
    const lock = fileURLToPath(new URL('install-lock.ts', import.meta.url))
    const script = `
      import { appendFile } from 'node:fs/promises'
      import { withInstallLock } from ${JSON.stringify(lock)}
      await withInstallLock(async () => {
        await appendFile(${JSON.stringify(log)}, 'begin ')
        for (let step = 0; step < 500; step += 1) await appendFile(${JSON.stringify(log)}, '.')
        await appendFile(${JSON.stringify(log)}, 'end ')
      }, 'st-peers-test')`
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' }),
    )

    await Promise.all(children.map(child => once(child, 'exit')))

    expect(readFileSync(log, 'utf8')).toBe(`begin ${'.'.repeat(500)}end `.repeat(3))
  })
})
