import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A program of this directory. */
export interface ChildProgram {
  readonly name: string
  /** What becomes of its errors. Default: they are shown. */
  readonly stderr?: 'inherit' | 'ignore' | 'pipe'
  /** Variables beside this process's own. */
  readonly env?: Readonly<Record<string, string>>
}

/** Kept between children, who would else compile the same sources two hundred times. */
const compileCache = fileURLToPath(new URL('../../temp/compile-cache', import.meta.url))

/** Starts a program as a process of its own, over the sources of this package. */
export function startChild({ name, stderr = 'inherit', env }: ChildProgram, ...args: readonly string[]): ChildProcess {
  const program = fileURLToPath(new URL(name, import.meta.url))
  return spawn(process.execPath, ['--conditions=@st/source', '--no-warnings', program, ...args], {
    stdio: ['ignore', 'pipe', stderr],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...env },
  })
}
