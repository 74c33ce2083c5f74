import { once } from 'node:events'
import { startChild } from './child-program.ts'

/** Runs a test while a program of this directory runs, from when it has said something; the program is killed then. */
export async function whileRunning(name: string, args: readonly string[], run: () => Promise<void>): Promise<void> {
  const child = startChild({ name }, ...args)
  const ended = once(child, 'exit')
  try {
    if (child.stdout) await once(child.stdout, 'data')
    await run()
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}
