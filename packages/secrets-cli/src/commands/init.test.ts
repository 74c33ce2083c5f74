import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../__fixtures__/in-process.ts'
import { runCli } from '../__fixtures__/run-cli.ts'

const home = (): string => process.env['HOME'] ?? ''

describe('init', () => {
  it.each(['ts', 'mjs', 'json'])('writes a .%s file that does what none does', async format => {
    const wrote = await inProcess(['init', '--format', format])

    const { code, stdout, stderr } = await runCli(['explain', 'A', '--json'], { env: { A: 'x' } })

    expect(wrote).toMatchObject({ code: 0, stdout: '' })
    expect(readdirSync(home())).toEqual([`st-secrets.config.${format}`])
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ source: 'env', steps: [{ provider: 'env' }, { provider: 'file' }] })
  })

  it('leaves a file of any kind as it is', async () => {
    writeFileSync(join(home(), 'st-secrets.config.json'), 'mine')

    const outcome = await inProcess(['init', '--format', 'ts'])

    expect(outcome).toMatchObject({ code: 7, stdout: '' })
    expect(readdirSync(home())).toEqual(['st-secrets.config.json'])
    expect(readFileSync(join(home(), 'st-secrets.config.json'), 'utf8')).toBe('mine')
  })

  it('leaves what comes between looking and writing as it is, here a link to nothing', async () => {
    symlinkSync('nowhere', join(home(), 'st-secrets.config.ts'))

    const outcome = await inProcess(['init'])

    expect(outcome).toMatchObject({ code: 7, stdout: '' })
    expect(readdirSync(home())).toEqual(['st-secrets.config.ts'])
    expect(readlinkSync(join(home(), 'st-secrets.config.ts'))).toBe('nowhere')
  })

  it('has git ignore files of secrets, once, and keeps the lines that are there', async () => {
    mkdirSync(join(home(), '.git'))
    writeFileSync(join(home(), '.gitignore'), 'node_modules\n/.env')

    const first = await inProcess(['init', '--json'])

    expect(JSON.parse(first.stdout)).toEqual({
      path: join(home(), 'st-secrets.config.ts'),
      ignored: ['secrets.json', 'secrets.yaml', 'secrets.yml'],
    })
    expect(readFileSync(join(home(), '.gitignore'), 'utf8')).toBe(
      'node_modules\n/.env\nsecrets.json\nsecrets.yaml\nsecrets.yml\n',
    )
  })
})
