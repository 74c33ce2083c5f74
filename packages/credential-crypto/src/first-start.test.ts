import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { OtherProcess } from './__fixtures__/other-process.ts'
import type { FirstStartAnswer } from './__fixtures__/other-process.ts'
import { createCredentialCipher } from './create-credential-cipher.ts'

const NOBODY = 65_534
const ROUNDS = process.env['ST_LONG_TESTS'] === '1' ? 20 : 5
const keyPath = (home: string) => join(home, '.simpletuner', 'credential.key')
const modeOf = (path: string) => statSync(path).mode & 0o777

function otherProcess(): OtherProcess {
  const other = new OtherProcess()
  onTestFinished(() => other.end())
  return other
}

/** Gives the home folder to the user of the other process: this one's, or nobody's when this one's is root. */
function own(...paths: string[]): void {
  if (process.getuid?.() === 0) for (const path of [homedir(), ...paths]) chownSync(path, NOBODY, NOBODY)
}

async function askWithMode(path: string, mode: number, request = {}): Promise<FirstStartAnswer> {
  const before = modeOf(path)
  chmodSync(path, mode)
  try {
    return await otherProcess().ask({ home: homedir(), asOrdinaryUser: true, ...request })
  } finally {
    // Otherwise the home folder could not be cleared away.
    chmodSync(path, before)
  }
}

describe('the first start', () => {
  it('of eight processes at once ends with one key, the one on disk', async () => {
    const processes = Array.from({ length: 8 }, otherProcess)
    await Promise.all(processes.map(process => process.ask({ home: mkdtempSync(join(homedir(), 'warm-')) })))

    for (let round = 0; round < ROUNDS; round += 1) {
      const home = mkdtempSync(join(homedir(), 'race-'))
      const answers = await Promise.all(processes.map(process => process.ask({ home })))

      const onDisk = await createCredentialCipher({ keys: [{ keyFile: keyPath(home) }] })
      expect(answers).toEqual(processes.map(() => ({ keyFingerprint: onDisk.keyFingerprint })))
      expect(readdirSync(dirname(keyPath(home)))).toEqual(['credential.key'])
    }
  }, 30_000)

  it('of eight processes at once ends with one key, also beside the leftover of one that crashed', async () => {
    await expect(otherProcess().ask({ home: homedir(), isKilledBeforeWriting: true })).rejects.toThrow('ended')
    const leftover = readdirSync(dirname(keyPath(homedir())))
    const processes = Array.from({ length: 8 }, otherProcess)

    const answers = await Promise.all(processes.map(process => process.ask({ home: homedir() })))

    expect(leftover).toHaveLength(1)
    expect(leftover).not.toContain('credential.key')
    expect(new Set(answers.map(({ keyFingerprint }) => keyFingerprint)).size).toBe(1)
    expect(answers[0]?.keyFingerprint).toBeDefined()
    expect(readdirSync(dirname(keyPath(homedir())))).toEqual(['credential.key'])
  })

  it('opens the key to nobody else, whatever the umask', async () => {
    const answer = await otherProcess().ask({ home: homedir(), umask: 0 })

    expect(answer.keyFingerprint).toBeDefined()
    expect(modeOf(keyPath(homedir()))).toBe(0o600)
    expect(modeOf(dirname(keyPath(homedir())))).toBe(0o700)
  })
})

describe('as a user whom modes bind', () => {
  it('a home that cannot be written to is an error, and nothing is created', async () => {
    own()

    const answer = await askWithMode(homedir(), 0o500)

    expect(answer).toMatchObject({ kind: 'key_refused', detail: 'unwritable' })
    expect(answer.message).toContain('EACCES')
    expect(readdirSync(homedir())).toEqual([])
  })

  it('a home that cannot be written to leads to a key in memory, when told so', async () => {
    own()

    const answer = await askWithMode(homedir(), 0o500, { ephemeral: true })

    expect(answer.keyFingerprint).toBeDefined()
    expect(readdirSync(homedir())).toEqual([])
  })

  it.each([0o000, 0o200])('a key file of mode %o is refused and not overwritten', async mode => {
    mkdirSync(dirname(keyPath(homedir())), { mode: 0o700 })
    writeFileSync(keyPath(homedir()), 'a secret', { mode: 0o600 })
    own(dirname(keyPath(homedir())), keyPath(homedir()))

    const answer = await askWithMode(keyPath(homedir()), mode, { ephemeral: true })

    expect(answer).toMatchObject({ kind: 'key_refused', detail: 'unreadable' })
    expect(readFileSync(keyPath(homedir()), 'utf8')).toBe('a secret')
    expect(readdirSync(dirname(keyPath(homedir())))).toEqual(['credential.key'])
  })

  it.runIf(process.getuid?.() === 0)('a key file of another user is refused', async () => {
    mkdirSync(dirname(keyPath(homedir())), { mode: 0o755 })
    writeFileSync(keyPath(homedir()), 'a secret', { mode: 0o644 })
    own(dirname(keyPath(homedir())))
    chownSync(keyPath(homedir()), NOBODY - 1, NOBODY - 1)

    const answer = await otherProcess().ask({ home: homedir(), asOrdinaryUser: true, ephemeral: true })

    expect(answer).toMatchObject({ kind: 'key_refused', detail: 'insecure' })
    expect(answer.message).toContain(`belongs to user ${NOBODY - 1}`)
    expect(readFileSync(keyPath(homedir()), 'utf8')).toBe('a secret')
  })

  it.each([0o000, 0o600])('a folder of mode %o, which may hold a key, is no reason for a new one', async mode => {
    mkdirSync(dirname(keyPath(homedir())), { mode: 0o700 })
    own(dirname(keyPath(homedir())))

    const answer = await askWithMode(dirname(keyPath(homedir())), mode, { ephemeral: true })

    expect(answer).toMatchObject({ kind: 'key_refused', detail: 'unreadable' })
    expect(readdirSync(dirname(keyPath(homedir())))).toEqual([])
  })
})
