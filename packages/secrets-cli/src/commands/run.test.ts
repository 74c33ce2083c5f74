import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cliWords, runCli } from '../__fixtures__/run-cli.ts'

const canary = 'canary-5cc1a7-value'

function store(values: Readonly<Record<string, string>>): void {
  const folder = join(process.env['HOME'] ?? '', '.simpletuner')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify(values), { mode: 0o600 })
}

describe('run', () => {
  it('gives the command all listed secrets, its own input and output, and ends as it ends', async () => {
    store({ 'hf-token': canary, OTHER: 'two\nlines' })
    const program = 'printf "%s|%s|%s" "$HF_TOKEN" "$OTHER" "$MINE"; cat; echo err >&2; exit 42'

    const result = await runCli(['run', '--', 'sh', '-c', program], { input: 'piped', env: { MINE: 'kept' } })

    expect(result).toMatchObject({ code: 42, stdout: `${canary}|two\nlines|keptpiped`, stderr: 'err\n' })
  })

  it('gives it only what is chosen, and no other variable when told', async () => {
    store({ DB_USER: 'u', DB_PASSWORD: canary, HF_TOKEN: 'x' })

    const chosen = ['--only', 'DB_*,MINE', '--no-inherit', '--', 'env']
    const { stdout } = await runCli(['run', ...chosen], { env: { MINE: 'm', FOREIGN: 'f' } })

    const names = stdout.split('\n').map(line => line.split('=')[0])
    expect(names).toEqual(expect.arrayContaining(['DB_USER', 'DB_PASSWORD', 'MINE', 'PATH', 'HOME']))
    expect(names).not.toContain('HF_TOKEN')
    expect(names).not.toContain('FOREIGN')
  })

  it('redacts both outputs, also where a value comes in pieces, and says which values are too short', async () => {
    store({ HF_TOKEN: canary, PIN: '123' })
    const program = `printf "a $HF_TOKEN "; printf %s canary-5cc1; sleep 0.1; printf "a7-value\\n"; printf %s "$HF_TOKEN" | base64 >&2`

    const result = await runCli(['run', '--redact', '--', 'sh', '-c', program])

    expect(result).toMatchObject({ code: 0, stdout: 'a [HF_TOKEN] [HF_TOKEN]\n' })
    expect(result.stderr).toBe('warning: 1 values are too short to be redacted: choose longer ones.\n[HF_TOKEN]\n')
  })

  it('starts nothing when a provider could not be asked', async () => {
    const folder = join(process.env['HOME'] ?? '', '.simpletuner')
    mkdirSync(folder, { mode: 0o700 })
    writeFileSync(join(folder, 'secrets.json'), `{"A": "${canary}`, { mode: 0o600 })

    const result = await runCli(['run', '--', 'sh', '-c', 'echo started'])

    expect(result).toMatchObject({ code: 6, stdout: '' })
    expect(result.stderr).not.toContain(canary)
  })

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGUSR1'] as const)('forwards %s', async signal => {
    store({ HF_TOKEN: canary })
    const program = `trap 'echo got; exit 9' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`
    const [command, ...args] = [...cliWords(), 'run', '--', 'sh', '-c', program]
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: process.env['HOME'] })
    let printed = ''
    const ended = once(child, 'close')

    child.stdout.on('data', chunk => {
      printed += String(chunk)
      if (String(chunk).includes('ready')) child.kill(signal)
    })

    expect(await ended).toEqual([9, null])
    expect(printed).toBe('ready\ngot\n')
  })

  it.runIf(process.platform === 'linux')(
    'shows a value in no argument of any process, nor in its own environment',
    async () => {
      store({ HF_TOKEN: canary })
      const [command, ...args] = [...cliWords(), 'run', '--', 'sh', '-c', 'echo ready; read -r line']
      const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: process.env['HOME'] })
      await once(child.stdout, 'data')

      const processes = readdirSync('/proc').filter(name => /^\d+$/.test(name))
      const read = (path: string): string => {
        try {
          return readFileSync(path, 'utf8')
        } catch {
          return ''
        }
      }
      const exposed = processes.filter(id => read(`/proc/${id}/cmdline`).includes(canary))
      const own = read(`/proc/${child.pid}/environ`)
      child.stdin.end('\n')
      await once(child, 'close')

      expect(own).toContain('HOME=')
      expect(own).not.toContain(canary)
      expect(exposed).toEqual([])
    },
  )
})
