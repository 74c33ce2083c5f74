import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { CommandContext } from './command-context.ts'
import type { GlobalFlags } from './global-flags.ts'
import { Output } from './output.ts'
import { type ProgressOptions, startProgress } from './progress.ts'

const flags: GlobalFlags = { json: false, quiet: false, color: true }

/** Updates every second, and what was printed then. */
async function printedIn(
  seconds: number,
  options: ProgressOptions & { readonly flags?: GlobalFlags },
): Promise<string> {
  let time = 0
  const stderr = new PassThrough()
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr }
  const context: CommandContext = {
    process: { stdout: streams.stdout, stderr, env: {} },
    streams,
    env: {},
    cwd: '/',
    isInteractive: false,
    now: () => time,
    output: given => new Output(streams, given),
    openManager: async () => Promise.reject(new Error('not asked')),
  }
  const progress = await startProgress(context, options.flags ?? flags, options)
  for (let second = 1; second <= seconds; second++) {
    time = second * 1000
    progress.update(second * 10)
  }
  progress.finish('Done.')
  return String(stderr.read() ?? '')
}

describe('startProgress', () => {
  it('prints a line every five seconds where there is no terminal, and how it ended', async () => {
    const printed = await printedIn(12, { title: 'Rotating', total: 130 })

    expect(printed).toBe('Rotating: 50 of 130 (38 %)\nRotating: 100 of 130 (76 %)\nDone.\n')
  })

  it('counts without an end where nobody knows it', async () => {
    expect(await printedIn(5, { title: 'Rotating' })).toBe('Rotating: 50\nDone.\n')
  })

  it('prints nothing with --quiet', async () => {
    expect(await printedIn(12, { title: 'Rotating', total: 130, flags: { ...flags, quiet: true } })).toBe('')
  })
})
