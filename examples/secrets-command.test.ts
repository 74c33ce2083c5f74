import { deepEqual, equal, match } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'

// Beside this file, and compiled if this file is.
const program = join(import.meta.dirname, `secrets-command${extname(import.meta.filename)}`)
const home = mkdtempSync(join(tmpdir(), 'st-example-'))
after(() => rmSync(home, { recursive: true }))

interface Ended {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

async function run(
  args: readonly string[],
  { input = '', env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    env: { HOME: home, SECRETS_FILE: join(home, 'secrets.json'), ...env },
  })
  child.stdin.end(input)
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode, output, errors }
}

test('stores, reads, explains and lists, and ends with a code that tells why there is nothing', async () => {
  deepEqual(await run(['set', 'hf-token'], { input: 'hf_stored\n' }), { code: 0, output: '', errors: '' })
  deepEqual(await run(['get', 'hf-token']), { code: 0, output: 'hf_stored', errors: '' })
  deepEqual(await run(['list', '--prefix', 'hf']), { code: 0, output: 'hf-token file\n', errors: '' })
  deepEqual(await run(['get', 'absent', '--default', 'none']), { code: 0, output: 'none', errors: '' })
  equal((await run(['get', 'absent'])).code, 3)
  equal((await run(['sing'])).code, 1)
})

test('says that a variable hides the value that was stored', async () => {
  const env = { HF_TOKEN: 'hf_of_the_environment' }

  const stored = await run(['set', 'hf-token'], { input: 'hf_other', env })
  const explained = await run(['explain', 'hf-token'], { env })

  equal(stored.errors, 'Stored, but env has another value and wins.\n')
  match(explained.output, /^env hit .*\nfile hit .*\n/)
  match(explained.output, /\nenv answers\.\nfile has another value, which is not used\.\n$/)
})
