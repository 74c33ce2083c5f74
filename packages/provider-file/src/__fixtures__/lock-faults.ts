import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { thisProcess } from '../lock-holder.ts'
import { holding, json, readsOnly, works } from './fault-row.ts'
import type { FaultRow } from './fault-row.ts'

/** Another process's lock, or what is left of one. */
function lockedBy(label: () => string | Promise<string>, ageSeconds = 0): FaultRow['arrange'] {
  return async filePath => {
    holding(json)(filePath)
    writeFileSync(`${filePath}.lock`, await label(), { mode: 0o600 })
    const then = new Date(Date.now() - ageSeconds * 1000)
    utimesSync(`${filePath}.lock`, then, then)
  }
}

async function labelOf(changes: object): Promise<string> {
  return JSON.stringify({ ...(await thisProcess()), token: 'x', ...changes })
}

/** What other writers leave. */
export const locks: readonly FaultRow[] = [
  {
    name: 'a lock of a process that runs',
    arrange: lockedBy(() => labelOf({})),
    ...readsOnly('timeout'),
  },
  {
    name: 'a lock of a process that has ended',
    arrange: lockedBy(() => labelOf({ pid: spawnSync(process.execPath, ['--version']).pid })),
    ...works,
  },
  ...(process.platform === 'linux'
    ? [
        {
          name: 'a lock of a process whose id another one has now',
          arrange: lockedBy(() => labelOf({ startedAt: '1' })),
          ...works,
        },
      ]
    : []),
  { name: 'a lock of another machine', arrange: lockedBy(() => '{"pid":1,"machine":"m","token":"x"}', 11), ...works },
  { name: 'a lock from the future', arrange: lockedBy(() => '{"pid":1,"machine":"m","token":"x"}', -86_400), ...works },
  { name: 'a lock without a name', arrange: lockedBy(() => '', 2), ...works },
  {
    name: 'a directory for a lock',
    arrange: filePath => {
      holding(json)(filePath)
      mkdirSync(`${filePath}.lock`)
    },
    ...readsOnly('malformed'),
  },
  {
    name: 'a pipe for a lock',
    arrange: filePath => {
      holding(json)(filePath)
      execFileSync('mkfifo', [`${filePath}.lock`])
    },
    ...readsOnly('malformed'),
  },
  {
    name: 'a link for a lock',
    arrange: filePath => {
      holding(json)(filePath)
      symlinkSync('/dev/zero', `${filePath}.lock`)
    },
    ...readsOnly('malformed'),
  },
  {
    name: 'what killed writers left behind',
    arrange: filePath => {
      holding(json)(filePath)
      writeFileSync(join(dirname(filePath), '.secrets.json.0123456789abcdef.tmp'), json)
    },
    ...works,
  },
]
