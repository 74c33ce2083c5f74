import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess, type Outcome } from '../__fixtures__/in-process.ts'

const canary = 'canary-0c7f3e9a-value'

/** The file that the standard chain writes. */
function secretsFile(): string {
  return join(process.env['HOME'] ?? '', '.simpletuner', 'secrets.json')
}

function store(values: Readonly<Record<string, unknown>>): void {
  mkdirSync(join(secretsFile(), '..'), { recursive: true, mode: 0o700 })
  writeFileSync(secretsFile(), JSON.stringify(values), { mode: 0o600 })
}

function withVariables(values: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> {
  return { HOME: process.env['HOME'], ...values }
}

/** The one document that was printed. */
function documentOf({ stdout }: Outcome): unknown {
  return JSON.parse(stdout)
}

describe('get', () => {
  it('prints the value of the environment, and nothing else', async () => {
    const outcome = await inProcess(['get', 'hf-token'], { env: withVariables({ HF_TOKEN: canary }) })

    expect(outcome).toEqual({ code: 0, stdout: `${canary}\n`, stderr: '' })
  })

  it('asks the next provider where the environment has nothing', async () => {
    store({ HF_TOKEN: canary })

    const outcome = await inProcess(['get', 'HF_TOKEN', '--no-newline'])

    expect(outcome).toEqual({ code: 0, stdout: canary, stderr: '' })
  })

  it('asks only the provider that is named', async () => {
    store({ HF_TOKEN: canary })
    const env = withVariables({ HF_TOKEN: 'of the environment' })

    const outcomes = await Promise.all([
      inProcess(['get', 'HF_TOKEN', '--provider', 'file'], { env }),
      inProcess(['get', 'HF_TOKEN', '--provider', 'nobody'], { env }),
    ])

    expect(outcomes.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, `${canary}\n`],
      [2, ''],
    ])
    expect(outcomes[1].stderr).toContain('There are: env, file')
  })

  it('says where a value comes from in JSON, whose members are always there', async () => {
    store({ FROM_FILE: canary })
    const env = withVariables({ FROM_ENV: canary })

    const documents = await Promise.all([
      inProcess(['get', 'FROM_ENV', '--json'], { env }),
      inProcess(['--json', 'get', 'FROM_FILE'], { env }),
      inProcess(['get', 'NOWHERE', '--json', '--default', 'x'], { env }),
    ])

    expect(documents.map(documentOf)).toEqual([
      {
        key: 'FROM_ENV',
        status: 'found',
        source: 'env',
        locator: 'FROM_ENV',
        version: null,
        value: canary,
        masked: false,
      },
      {
        key: 'FROM_FILE',
        status: 'found',
        source: 'file',
        locator: secretsFile(),
        version: null,
        value: canary,
        masked: false,
      },
      { key: 'NOWHERE', status: 'default', source: null, locator: null, version: null, value: 'x', masked: false },
    ])
  })

  it.each(['env', 'file'])('hides a value of %s on a terminal until it is asked for', async source => {
    store({ FROM_FILE: canary })
    const world = { env: withVariables({ FROM_ENV: canary }), isTerminal: true }
    const key = `FROM_${source.toUpperCase()}`

    const masked = await inProcess(['get', key], world)
    const maskedJson = await inProcess(['get', key, '--json'], world)
    const revealed = await inProcess(['get', key, '--reveal'], world)

    expect(masked.stdout).toBe('********\n')
    expect(masked.stderr).toContain('--reveal')
    expect(documentOf(maskedJson)).toMatchObject({ value: '********', masked: true })
    expect(revealed.stdout).toBe(`${canary}\n`)
  })

  it('gives no default for what could not be looked up', async () => {
    mkdirSync(secretsFile(), { recursive: true })
    writeFileSync(join(process.env['HOME'] ?? '', '.simpletuner', 'secrets.yaml'), 'a: [')

    const outcome = await inProcess(['get', 'X', '--default', 'x'])

    expect(outcome).toMatchObject({ code: 6, stdout: '' })
  })
})

describe('set and delete', () => {
  it('store what is piped in, without the line break that ends it, for this user alone', async () => {
    const outcome = await inProcess(['set', 'HF_TOKEN'], { input: `${canary}\n` })

    expect(outcome).toEqual({ code: 0, stdout: '', stderr: `Stored HF_TOKEN in file (${secretsFile()}).\n` })
    expect(JSON.parse(readFileSync(secretsFile(), 'utf8'))).toEqual({ HF_TOKEN: canary })
    expect(statSync(secretsFile()).mode & 0o777).toBe(0o600)
  })

  it('keep the line break when told', async () => {
    await inProcess(['set', 'HF_TOKEN', '--exact', '--quiet'], { input: `${canary}\n` })

    expect(JSON.parse(readFileSync(secretsFile(), 'utf8'))).toEqual({ HF_TOKEN: `${canary}\n` })
  })

  it('say when another provider hides what was stored', async () => {
    const outcome = await inProcess(['set', 'HF_TOKEN', '--json'], {
      input: canary,
      env: withVariables({ HF_TOKEN: 'of the environment' }),
    })

    expect(documentOf(outcome)).toEqual({
      key: 'HF_TOKEN',
      provider: 'file',
      path: secretsFile(),
      shadowedBy: 'env',
    })
    expect(outcome.stderr).toContain('env has HF_TOKEN, too, and is asked first')
  })

  it.each([[['HF_TOKEN', canary]], [[`HF_TOKEN=${canary}`]], [['HF_TOKEN', '--', canary]]])(
    'refuse a value among the arguments and do not repeat it',
    async words => {
      const outcome = await inProcess(['set', ...words], { input: 'x' })

      expect(outcome).toMatchObject({ code: 2, stdout: '' })
      expect(outcome.stderr).toContain('A value must not stand on the command line: other users')
      expect(outcome.stderr).not.toContain(canary)
    },
  )

  it.each([
    ['nothing', '', 2],
    ['a line break alone', '\n', 2],
    ['what is not UTF-8', Uint8Array.of(0xff, 0xfe, 0x41), 6],
    ['more than a mebibyte', 'x'.repeat(1_048_577), 6],
  ])('refuse %s', async (_, input, code) => {
    const outcome = await inProcess(['set', 'HF_TOKEN'], { input })

    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(() => statSync(secretsFile())).toThrow('ENOENT')
  })

  it('remove a key and say who still has it', async () => {
    store({ HF_TOKEN: canary, OTHER: 'x' })

    const removed = await inProcess(['delete', 'HF_TOKEN', '--json'], { env: withVariables({ HF_TOKEN: canary }) })
    const again = await inProcess(['delete', 'HF_TOKEN'])

    expect(documentOf(removed)).toEqual({ key: 'HF_TOKEN', provider: 'file', path: secretsFile(), remaining: ['env'] })
    expect(JSON.parse(readFileSync(secretsFile(), 'utf8'))).toEqual({ OTHER: 'x' })
    expect(again).toMatchObject({ code: 3, stdout: '' })
  })

  it('name those that can when nobody of that name can', async () => {
    const outcome = await inProcess(['set', 'HF_TOKEN', '--provider', 'env'], { input: canary })

    expect(outcome.code).toBe(2)
    expect(outcome.stderr).toContain('There are: file.')
  })
})

describe('list and explain', () => {
  it('list keys with who has them, and never a value', async () => {
    store({ HF_TOKEN: canary, 'evil\u001b[2J': canary })

    const outcome = await inProcess(['list'], { env: withVariables({ HF_TOKEN: 'other' }) })

    expect(outcome.stdout.split('\n')).toEqual([
      'KEY            PROVIDER  SHADOWED',
      'HF_TOKEN       env       file (another value)',
      String.raw`evil\u001b[2J  file`,
      '',
    ])
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
  })

  it('list in JSON with a schema that does not change', async () => {
    store({ HF_TOKEN: canary })

    const outcome = await inProcess(['list', 'HF', '--include', 'HF_OTHER,HF_TOKEN', '--json'])

    expect(documentOf(outcome)).toEqual({
      keys: [
        { key: 'HF_OTHER', status: 'missing', source: null, locator: null, shadowed: [] },
        { key: 'HF_TOKEN', status: 'found', source: 'file', locator: secretsFile(), shadowed: [] },
      ],
      failed: [],
    })
  })

  it('list what they can, and say whom they could not ask', async () => {
    mkdirSync(join(secretsFile(), '..'), { recursive: true })
    writeFileSync(secretsFile(), `{"HF_TOKEN": "${canary}", broken`, { mode: 0o600 })

    const outcome = await inProcess(['list', '--json'])

    expect(outcome.code).toBe(4)
    expect(documentOf(outcome)).toMatchObject({ keys: [], failed: [{ provider: 'file', kind: 'malformed' }] })
    expect(outcome.stdout + outcome.stderr).not.toContain(canary)
  })

  it('explain who was asked, what each answered and what is hidden', async () => {
    store({ HF_TOKEN: canary })

    const text = await inProcess(['explain', 'HF_TOKEN'], { env: withVariables({ HF_TOKEN: 'other' }) })
    const document = await inProcess(['explain', 'HF_TOKEN', '--json'], { env: withVariables({ HF_TOKEN: 'other' }) })

    expect(text.stdout).toMatch(/1 {2}env {7}has it, and wins +\d+\.\d ms +HF_TOKEN\n/)
    expect(text.stdout).toMatch(/2 {2}file {6}has it, too: another value, which is not used/)
    expect(text.stdout).toMatch(/3 {2}aws {7}not asked: not configured/)
    expect(text.stdout).toContain('HF_TOKEN comes from env: the first in the order that has it.')
    expect(documentOf(document)).toMatchObject({
      key: 'HF_TOKEN',
      status: 'found',
      source: 'env',
      steps: [
        { provider: 'env', outcome: 'hit', kind: null, detail: null, message: null, hint: null, version: null },
        { provider: 'file', outcome: 'hit' },
        { provider: 'aws', outcome: 'skipped', detail: 'not_available' },
        { provider: 'vault', outcome: 'skipped' },
      ],
      shadowed: [{ provider: 'file', sameValue: false }],
    })
    expect(text.stdout + document.stdout).not.toContain(canary)
  })

  it('explain what nobody has with code 3, and what nobody could say with code 4', async () => {
    const missing = await inProcess(['explain', 'X'])
    mkdirSync(secretsFile(), { recursive: true })
    writeFileSync(join(secretsFile(), '..', 'secrets.yaml'), 'a: [')
    const unresolved = await inProcess(['explain', 'X'])

    expect([missing.code, unresolved.code]).toEqual([3, 4])
    expect(missing.stdout).toContain('Nobody has X.')
    expect(unresolved.stdout).toMatch(/file: .+secrets\.yaml/)
  })
})
