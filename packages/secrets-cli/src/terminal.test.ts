import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasTerminals, inTerminal } from './__fixtures__/terminal.ts'

const canary = 'canary-77ab04-value'

const secretsFile = (): string => join(process.env['HOME'] ?? '', '.simpletuner', 'secrets.json')

if (!hasTerminals) process.emitWarning('Nothing is tested in a terminal: python3 with its module pty is not installed.')

describe.runIf(hasTerminals)('in a terminal', () => {
  it('takes a value without showing it, nor how long it is', async () => {
    const { code, printed } = await inTerminal(['set', 'HF_TOKEN'], [['Value of HF_TOKEN', `${canary}\r`]])

    expect(code).toBe(0)
    expect(JSON.parse(readFileSync(secretsFile(), 'utf8'))).toEqual({ HF_TOKEN: canary })
    expect(printed).toContain(`Stored HF_TOKEN in file (${secretsFile()}).`)
    expect(printed).not.toMatch(/canary|\*|▪|•/)
  })

  it('stores nothing when Ctrl-C is the answer', async () => {
    const { code, printed } = await inTerminal(['set', 'HF_TOKEN'], [['Value of HF_TOKEN', `${canary}\u0003`]])

    expect(code).toBe(130)
    expect(existsSync(secretsFile())).toBe(false)
    expect(printed).not.toContain('error:')
    expect(printed).not.toContain('canary')
  })

  it('masks values unless told, whatever prints them', async () => {
    mkdirSync(join(secretsFile(), '..'), { mode: 0o700 })
    writeFileSync(secretsFile(), JSON.stringify({ HF_TOKEN: canary }), { mode: 0o600 })

    const masked = await Promise.all([
      inTerminal(['get', 'HF_TOKEN']),
      inTerminal(['get', 'HF_TOKEN', '--json']),
      inTerminal(['export', '--format', 'shell']),
    ])
    const revealed = await inTerminal(['get', 'HF_TOKEN', '--reveal', '--quiet'])

    expect(masked.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(masked.map(({ printed }) => printed).join('')).not.toContain('canary')
    expect(masked[0].printed).toBe('********\r\nHidden, because this is a terminal; --reveal shows it.\r\n')
    expect(masked[2].printed).toContain("export HF_TOKEN='********'")
    expect(revealed).toEqual({ code: 0, printed: `${canary}\r\n` })
  })

  it('shows colours, and none for NO_COLOR', async () => {
    const coloured = await inTerminal(['get', 'NOPE'])
    const plain = await inTerminal(['get', 'NOPE'], [], { NO_COLOR: '1' })

    expect(coloured).toMatchObject({ code: 3, printed: expect.stringContaining('\u001b[31merror:\u001b[39m') })
    expect(plain).toMatchObject({ code: 3, printed: expect.not.stringContaining('\u001b[') })
  })

  it('lets Ctrl-C reach a command once, and ends as it ends', async () => {
    const program = 'trap "echo got" INT; echo ready; for i in 1 2 3 4 5 6 7 8; do sleep 0.1; done; exit 5'

    const { code, printed } = await inTerminal(['run', '--', 'sh', '-c', program], [['ready', '\u0003']])

    expect(code).toBe(5)
    expect(printed.match(/got/g)).toHaveLength(1)
  })
})
