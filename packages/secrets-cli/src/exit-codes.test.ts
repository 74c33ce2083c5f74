import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startFakeVault } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { runCli, type RunOptions } from './__fixtures__/run-cli.ts'

const canary = 'canary-91d2f0-value'

describe('the exit code', () => {
  it('is the documented one, with one message on standard error and nothing of a value', async () => {
    await using vault = await startFakeVault()
    await using sealed = await startFakeVault()
    sealed.sealed = true
    const home = process.env['HOME'] ?? ''
    const write = (name: string, text: string): string => {
      const path = join(home, name)
      writeFileSync(path, text, { mode: 0o600 })
      return path
    }
    mkdirSync(join(home, 'taken'))
    write('taken/st-secrets.config.mjs', 'export default {}')
    const config = (name: string, providers: readonly unknown[]): string => write(name, JSON.stringify({ providers }))
    const broken = config('broken.json', [
      { use: 'file', options: { filePath: write('bad.json', `{"A": "${canary}`) } },
    ])
    const exposed = write('exposed.json', '{"A": "x"}')
    const insecure = config('insecure.json', [
      { use: 'file', options: { filePath: exposed, insecurePermissions: 'refuse' } },
    ])
    const locked = config('locked.json', [{ use: 'file', options: { filePath: 'locked/secrets.json' } }])
    const twins = config('twins.json', [{ use: 'env' }, { use: 'env', options: { prefix: 'X' } }])
    const absent = config('absent.json', [{ use: '@acme/nothing#Provider' }])
    const unknown = config('unknown.json', [{ use: 'file', options: { path: canary } }])
    const noJson = write('no-json.json', `{"providers": ["${canary}"`)
    const throws = write('throws.mjs', `throw new Error('${canary}')`)
    mkdirSync(join(home, 'locked', 'secrets.json'), { recursive: true })
    const { chmodSync } = await import('node:fs')
    chmodSync(exposed, 0o644)
    const at = (address: string, token: string): RunOptions => ({
      env: { VAULT_ADDR: address, VAULT_TOKEN: token, A: undefined },
    })
    const cases: readonly (readonly [code: number, words: readonly string[], options?: RunOptions])[] = [
      [0, ['get', 'A'], { env: { A: 'x' } }],
      [0, ['--help']],
      [2, ['gte', 'A']],
      [2, ['get', 'A', '--reveel']],
      [2, ['get']],
      [2, ['get', 'A', canary]],
      [2, ['get', 'A', '--timeout', canary]],
      [2, ['export', '--format', canary]],
      [2, ['set', 'A', canary], { input: canary }],
      [2, ['set', 'A']],
      [2, ['get', 'A', '--config', 'none.json']],
      [2, ['get', 'A', '--config', noJson]],
      [2, ['get', 'A', '--config', throws]],
      [2, ['get', 'A', '--config', twins]],
      [2, ['list', '--config', absent]],
      [2, ['get', 'A', '--config', unknown]],
      [3, ['get', 'NOBODY_HAS_IT']],
      [3, ['run', '--only', 'NOBODY_HAS_IT', '--', 'true']],
      [3, ['delete', 'NOBODY_HAS_IT']],
      [4, ['get', 'A'], at(sealed.url, sealed.token)],
      [4, ['get', 'A', '--timeout', '2'], at('http://127.0.0.1:1', 'x')],
      [5, ['get', 'A'], at(vault.url, canary)],
      [6, ['get', 'A', '--config', broken]],
      [6, ['get', 'A', '--config', insecure]],
      [6, ['get', 'A', '--config', locked]],
      [7, ['init'], { cwd: join(home, 'taken') }],
      [7, ['run', '--', 'sh', '-c', 'exit 7']],
      [127, ['run', '--', './no-such-command']],
      [126, ['run', '--', exposed]],
      [143, ['run', '--', 'sh', '-c', 'kill -TERM $$']],
    ]

    const results: { code: number | null; words: readonly string[]; lines: number; leaks: boolean; stderr: string }[] =
      []
    const waiting = [...cases]
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [, words, options] = next
        const { code, stdout, stderr } = await runCli(words, options)
        const lines = stderr.split('\n').filter(line => line.startsWith('error:')).length
        results.push({ code, words, lines, leaks: `${stdout}${stderr}`.includes(canary), stderr })
      }
    }
    await Promise.all([worker(), worker(), worker()])

    const ended = cases.map(([, words]) => results.find(one => one.words === words))
    expect(ended.map((one, index) => [one?.code, cases[index]?.[1].join(' ')])).toEqual(
      cases.map(([code, words]) => [code, words.join(' ')]),
    )
    expect(ended.filter(one => one?.leaks).map(one => one?.words)).toEqual([])
    const quiet = (words: readonly string[], code: number): boolean => code === 0 || words.includes('sh')
    expect(ended.map(one => one?.lines)).toEqual(cases.map(([code, words]) => (quiet(words, code) ? 0 : 1)))
  })
})
