import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseDockerEnvFile } from './__fixtures__/docker-env-file.ts'
import { nastyValues } from './__fixtures__/nasty-values.ts'
import { type ExportFormat, exportText } from './export-text.ts'
import type { SelectedSecret } from './selected-secrets.ts'

/** Characters that quoting has to do with, and a few others. */
const alphabet = [
  "'",
  '"',
  '`',
  '\\',
  '$',
  '(',
  ')',
  '{',
  '}',
  '\n',
  '\r',
  ' ',
  '\t',
  '#',
  '=',
  '!',
  '%',
  'n',
  'a',
  'é',
  '🔑',
]

/** The same in every run. */
function randomValues(count: number): readonly string[] {
  let state = 20_261_123
  const next = (limit: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * limit)
  }
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(12) }, () => alphabet[next(alphabet.length)] ?? 'a').join(''),
  )
}

const values = [...nastyValues, ...randomValues(600)]

function secretsOf(texts: readonly string[]): readonly SelectedSecret[] {
  return texts.map((value, index) => ({ key: `KEY_${index}`, value }))
}

/** The values that a format carries, each tried alone. */
function carried(format: ExportFormat): readonly string[] {
  return values.filter(value => {
    try {
      return exportText(secretsOf([value]), { format, name: 'x' }) !== ''
    } catch {
      return false
    }
  })
}

/** What a shell has after it has read the file: its variables, apart by null characters. */
function readByShell(shell: string, text: string, count: number): readonly string[] {
  const path = join(process.env['HOME'] ?? '', 'exported')
  writeFileSync(path, text, { mode: 0o600 })
  const program = `. "$1"; i=0; while [ $i -lt ${count} ]; do eval 'printf "%s\\0" "$KEY_'$i'"'; i=$((i+1)); done`
  const printed = execFileSync(shell, ['-c', program, shell, path], { maxBuffer: 1 << 26, env: { HOME: '/' } })
  return printed.toString().split('\0').slice(0, -1)
}

describe('exportText', () => {
  it.each(['sh', 'bash'])('gives %s every value as it is', shell => {
    const text = exportText(secretsOf(values), { format: 'shell', name: 'x' })

    expect(readByShell(shell, text, values.length)).toEqual(values)
  })

  it('gives Node and dotenv every value that has not all quotes and no carriage return', () => {
    const fit = carried('env')

    const read = parseEnv(exportText(secretsOf(fit), { format: 'env', name: 'x' }))

    expect(fit.map((_, index) => read[`KEY_${index}`])).toEqual(fit)
    expect(values.filter(value => !fit.includes(value))).toSatisfy((rest: readonly string[]) =>
      rest.every(value => value.includes('\r') || (value.includes("'") && value.includes('`'))),
    )
  })

  it('gives docker every value of one line', () => {
    const fit = carried('docker')

    const read = parseDockerEnvFile(exportText(secretsOf(fit), { format: 'docker', name: 'x' }))

    expect([...read.values()]).toEqual(fit)
    expect(values.filter(value => !fit.includes(value))).toSatisfy((rest: readonly string[]) =>
      rest.every(value => /\n|\r$/.test(value) || value.length > 65_000),
    )
  })

  it('gives Kubernetes every value in base64, under the key as it is', () => {
    const text = exportText(secretsOf(values), { format: 'k8s', name: 'my-app' })

    const data = [...text.matchAll(/^ {2}"(KEY_\d+)": ([\w+/=]+)$/gm)]
    expect(text).toMatch(
      /^apiVersion: v1\nkind: Secret\nmetadata:\n {2}name: "my-app"\ntype: Opaque\ndata:\n {2}"KEY_0"/,
    )
    expect(data.map(([, , value = '']) => Buffer.from(value, 'base64').toString())).toEqual(values)
    expect(exportText([], { format: 'k8s', name: 'x' })).toMatch(/^data: \{\}$/m)
  })

  it('gives JSON every value and every key', () => {
    const secrets = [...secretsOf(values), { key: '__proto__', value: 'x' }]

    const read: unknown = JSON.parse(exportText(secrets, { format: 'json', name: 'x' }))

    expect(Object.entries(read ?? {})).toEqual(secrets.map(({ key, value }) => [key, value]))
  })

  it.each<[string, ExportFormat, readonly SelectedSecret[]]>([
    ['a null character', 'shell', [{ key: 'A', value: 'canary-\0-x' }]],
    ['half a character', 'env', [{ key: 'A', value: 'canary-\ud800' }]],
    ['half a character', 'k8s', [{ key: 'A', value: 'canary-\ud800' }]],
    ['a key that is no name', 'shell', [{ key: 'a b;rm', value: 'canary-1' }]],
    ['a key that is no name', 'k8s', [{ key: 'a/b', value: 'canary-1' }]],
    [
      'two keys of one name',
      'docker',
      [
        { key: 'a-b', value: 'canary-1' },
        { key: 'A.B', value: 'canary-2' },
      ],
    ],
    ['each kind of quote', 'env', [{ key: 'A', value: `canary-'"\`` }]],
    ['a line break', 'docker', [{ key: 'A', value: 'canary-\n' }]],
  ])('refuses %s for %s, and names the key only', (_, format, secrets) => {
    expect(() => exportText(secrets, { format, name: 'x' })).toThrow(
      expect.objectContaining({ exitCode: 6, message: expect.not.stringContaining('canary') }),
    )
  })

  it('makes names of variables as the environment provider reads them', () => {
    expect(exportText([{ key: 'db.pass-word', value: 'x' }], { format: 'shell', name: 'x' })).toBe(
      "export DB_PASS_WORD='x'\n",
    )
  })
})
