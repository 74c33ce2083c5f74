import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compiledCode } from './compiled-code.ts'
import { cliWords } from './run-cli.ts'

const script = fileURLToPath(new URL('terminal.py', import.meta.url))
const python = ['/usr/bin/python3', 'python3'].find(name => spawnSync(name, ['-c', 'import pty']).status === 0)

/** Whether this machine can give a program a terminal: with Python's `pty`. */
export const hasTerminals: boolean = python !== undefined

/** What a program printed to its terminal. */
export interface TerminalResult {
  /** Exit code; negative for a signal. */
  readonly code: number
  readonly printed: string
}

/** Runs `st-secrets` in a terminal, and types each text once the one before it was printed. */
export async function inTerminal(
  args: readonly string[],
  steps: readonly (readonly [expected: string, typed: string])[] = [],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<TerminalResult> {
  const variables = {
    ...process.env,
    TERM: 'xterm-256color',
    NODE_COMPILE_CACHE: compiledCode(),
    NO_COLOR: undefined,
    // Node takes a terminal of continuous integration for one without colours.
    CI: undefined,
    ...env,
  }
  const child = spawn(python ?? 'python3', [script], { cwd: process.env['HOME'], env: variables })
  child.stdin.end(JSON.stringify({ argv: [...cliWords(), ...args], steps }))
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(Buffer.from(chunk))
  // What the script prints.
  return JSON.parse(Buffer.concat(chunks).toString()) as TerminalResult
}
