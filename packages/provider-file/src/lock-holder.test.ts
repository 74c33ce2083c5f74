import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasEnded, holderNamed, thisProcess } from './lock-holder.ts'

const isLinux = process.platform === 'linux'

/** A process that was there and is no more. */
function finishedPid(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

/** A process that has ended and whose parent never asks for it: what `exec` leaves in the shell's place. */
async function zombiePid(): Promise<number> {
  const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [output] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(output.toString())
  while (!readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ')) {
    await new Promise(resolve => setImmediate(resolve))
  }
  return pid
}

describe('hasEnded', () => {
  it('is true of a process that is gone', async () => {
    expect(await hasEnded({ ...(await thisProcess()), pid: finishedPid() })).toBe(true)
  })

  it('is false of a process that runs', async () => {
    expect(await hasEnded(await thisProcess())).toBe(false)
  })

  it('is false of a process of another user', async () => {
    const { machine } = await thisProcess()

    expect(await hasEnded({ pid: 1, machine })).toBe(false)
  })

  it('is false of every process of another machine', async () => {
    expect(await hasEnded({ pid: finishedPid(), machine: 'elsewhere' })).toBe(false)
  })

  it.runIf(isLinux)('is true of a process whose id another process has now', async () => {
    const { startedAt, ...self } = await thisProcess()

    expect(startedAt).toMatch(/^\d+$/)
    expect(await hasEnded({ ...self, startedAt: '1' })).toBe(true)
    expect(await hasEnded(self)).toBe(false)
  })

  it.runIf(isLinux)('is true of a zombie', async () => {
    const { machine } = await thisProcess()

    expect(await hasEnded({ pid: await zombiePid(), machine })).toBe(true)
  })
})

describe('holderNamed', () => {
  it('reads what a holder has written', async () => {
    const self = await thisProcess()

    expect(holderNamed(JSON.stringify({ ...self, token: 'x' }))).toMatchObject(self)
  })

  it.each([
    '',
    '{',
    'null',
    '12',
    '{"pid":"1","machine":"m"}',
    '{"pid":0,"machine":"m"}',
    '{"pid":-1,"machine":"m"}',
    '{"pid":1.5,"machine":"m"}',
    '{"pid":1}',
    '{"pid":1,"machine":"m","startedAt":1}',
  ])('names nobody for %s', label => {
    expect(holderNamed(label)).toBeUndefined()
  })
})
