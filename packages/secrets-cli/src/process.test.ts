import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { compiledCode } from './__fixtures__/compiled-code.ts'
import { cliWords, runCli, type RunResult } from './__fixtures__/run-cli.ts'

/** Runs a line of shell in which `st` is the program. */
async function shell(
  line: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Pick<RunResult, 'stdout' | 'stderr'>> {
  const program = `st() { ${cliWords()
    .map(word => `'${word}'`)
    .join(' ')} "$@"; }; ${line}`
  return promisify(execFile)('bash', ['-c', program], {
    cwd: process.env['HOME'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiledCode(), ...env },
  })
}

describe('st-secrets as a process', () => {
  it('ends quietly when its reader has gone', async () => {
    const folder = join(process.env['HOME'] ?? '', '.simpletuner')
    mkdirSync(folder, { mode: 0o700 })
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`KEY_${index}`, 'x'.repeat(100)]))
    writeFileSync(join(folder, 'secrets.json'), JSON.stringify(many), { mode: 0o600 })

    const { stdout, stderr } = await shell('st export | head -1; echo "${PIPESTATUS[0]}"')

    expect([stdout, stderr]).toEqual([`KEY_0='${'x'.repeat(100)}'\n0\n`, ''])
  })

  it.runIf(existsSync('/dev/full'))('says that the disk is full', async () => {
    const { stdout, stderr } = await shell('st get A >/dev/full; echo $?', { A: 'x' })

    expect([stdout, stderr]).toEqual(['1\n', 'error: The output could not be written (ENOSPC).\nIs the disk full?\n'])
  })

  it('does without standard streams', async () => {
    const { stdout, stderr } = await shell('st set A <&-; echo $?; st get A >&-; echo $?; st get NOPE 2>&-; echo $?', {
      A: 'x',
    })

    expect(stdout).toBe('2\n0\n3\n')
    expect(stderr).toBe('error: There is no value.\nPipe it in, or run the command in a terminal and type it.\n')
  })

  it('reads the environment without a HOME', async () => {
    const result = await runCli(['get', 'A'], { env: { HOME: undefined, A: 'x', NODE_COMPILE_CACHE: undefined } })

    expect(result).toMatchObject({ code: 0, stdout: 'x\n', stderr: '' })
  })

  it('keeps compiled code in the cache folder of its user, never in the temporary folder', async () => {
    const home = process.env['HOME'] ?? ''

    await runCli(['get', 'A'], {
      env: { A: 'x', NODE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: undefined, TMPDIR: home },
    })

    expect(readdirSync(home)).toEqual(['.cache'])
    expect(readdirSync(join(home, '.cache'))).toEqual(['st-secrets'])
  })

  it('leaves nothing half-written in a folder that it may not write to', async context => {
    const home = process.env['HOME'] ?? ''
    const folder = join(home, 'read-only')
    mkdirSync(folder)
    chmodSync(home, 0o755)
    chmodSync(folder, 0o555)
    const user = process.geteuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const options = { cwd: folder, env: { HOME: folder, NODE_COMPILE_CACHE: undefined }, ...user }
    const { code } = await runCli(['--version'], options).catch(() => ({ code: 1 }))
    if (code !== 0) context.skip('another user cannot read this repository')

    const results = [await runCli(['init'], options), await runCli(['set', 'A'], { ...options, input: 'x' })]

    expect(results.map(result => result.code)).toEqual([6, 5])
    expect(results.map(result => result.stderr.split('\n').filter(line => line.startsWith('error: ')).length)).toEqual([
      1, 1,
    ])
    expect(readdirSync(folder)).toEqual([])
  })

  it('prints colours for FORCE_COLOR, and none into a pipe, for NO_COLOR or --no-color', async () => {
    const plain = { NO_COLOR: undefined, FORCE_COLOR: undefined, NODE_DISABLE_COLORS: undefined }
    const printed = async (words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> =>
      (await runCli(['get', 'NOPE', ...words], { env: { ...plain, ...env } })).stderr.split(' ')[0] ?? ''

    expect(await printed([], {})).toBe('error:')
    expect(await printed([], { FORCE_COLOR: '1' })).toBe('\u001b[31merror:\u001b[39m')
    expect(await printed(['--no-color'], { FORCE_COLOR: '1' })).toBe('error:')
    expect(await printed([], { NO_COLOR: '1' })).toBe('error:')
  })

  it('loads no provider, SDK or prompt that is not needed', async () => {
    const loaded = `import { registerHooks } from 'node:module'
      registerHooks({ load(url, context, next) { process._rawDebug(url); return next(url, context) } })`
    const script = join(process.env['HOME'] ?? '', 'hooks.mjs')
    writeFileSync(script, loaded)
    const env = { A: 'x', VAULT_ADDR: 'http://127.0.0.1:1', SIMPLETUNER_AWS_SECRET_NAME: 'x' }

    const { stdout, stderr } = await runCli(['get', 'A'], { env, nodeArgs: ['--import', script] })

    expect(stdout).toBe('x\n')
    expect(stderr).toContain('provider-env')
    expect(stderr).not.toMatch(/aws|vault|provider-file|secrets-manager\.ts|clack|credential-crypto/)
  })
})
