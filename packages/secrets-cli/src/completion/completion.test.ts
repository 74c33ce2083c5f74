import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compiledCode } from '../__fixtures__/compiled-code.ts'
import { inProcess } from '../__fixtures__/in-process.ts'
import { cliWords } from '../__fixtures__/run-cli.ts'
import { completionScript, type ShellName } from './completion-script.ts'

const canary = 'canary-e41c-value'

function store(values: Readonly<Record<string, string>>): void {
  const folder = join(process.env['HOME'] ?? '', '.simpletuner')
  mkdirSync(folder, { mode: 0o700 })
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify(values), { mode: 0o600 })
}

async function proposals(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await inProcess(['complete', '--', ...words])
  return stdout.split('\n').flatMap(line => line.split('\t')[0] || [])
}

function isInstalled(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0
}

function quotedCli(): string {
  return cliWords()
    .map(word => `'${word}'`)
    .join(' ')
}

describe('complete', () => {
  it('proposes commands, flags, their values and keys', async () => {
    store({ HF_TOKEN: canary, 'hf.other': canary, OTHER: 'x' })

    expect(await proposals('ex')).toEqual(['explain', 'export'])
    expect(await proposals('export', '--fo')).toEqual(['--format'])
    expect(await proposals('export', '--format', 'd')).toEqual(['docker'])
    expect(await proposals('get', 'H')).toEqual(['HF_TOKEN'])
    expect(await proposals('delete', '')).toEqual(['HF_TOKEN', 'OTHER', 'hf.other'])
    expect(await proposals('completion', 'b')).toEqual(['bash'])
    expect(await proposals('')).not.toContain('complete')
  })

  it('leaves the command of run to the shell', async () => {
    expect(await proposals('run', '--', 'l')).toEqual([])
  })

  it('proposes no key that a shell could take for more than text, and prints no value', async () => {
    const evil = ['$(touch pwned)', '`id`', 'a;b', 'a b', "a'b", 'a"b', 'a\nb', 'a\tb', '\u001b[2J', '*', 'a&b', '~']
    store(Object.fromEntries([...evil, 'fine'].map(key => [key, canary])))

    const { stdout, stderr } = await inProcess(['complete', '--', 'get', ''])

    expect(stdout).toBe('fine\tKey of the secret\n')
    expect(stderr).toBe('')
  })

  it('proposes no keys, and says nothing, when a provider or the configuration fails', async () => {
    writeFileSync(join(process.env['HOME'] ?? '', 'st-secrets.config.json'), `{"${canary}`)

    expect(await inProcess(['complete', '--', 'get', ''])).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})

describe('completion', () => {
  it('prints the script for a shell', async () => {
    const outcome = await inProcess(['completion', 'fish'])

    expect(outcome).toEqual({ code: 0, stdout: completionScript('fish'), stderr: '' })
  })

  it('completes in bash, and runs nothing that was typed', () => {
    store({ HF_TOKEN: canary })
    const home = process.env['HOME'] ?? ''
    const program = `set -eu
      st-secrets() { ${quotedCli()} "$@"; }
      source "$1"; source "$1"
      propose() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _st_secrets; printf '%s|' "\${COMPREPLY[@]:-}"; echo; }
      propose st-secrets get H
      propose st-secrets li
      propose st-secrets get '$(touch pwned)' ''
      propose st-secrets run -- ls ''
      complete -p st-secrets`
    const script = join(home, 'script')
    writeFileSync(script, completionScript('bash'))

    const printed = execFileSync('bash', ['-c', program, 'bash', script], {
      cwd: home,
      env: { ...process.env, NODE_COMPILE_CACHE: compiledCode() },
    }).toString()

    expect(printed.split('\n').slice(0, 2)).toEqual(['HF_TOKEN|', 'list|'])
    expect(printed).toContain('complete -o default -F _st_secrets st-secrets')
    expect(existsSync(join(home, 'pwned'))).toBe(false)
    expect(printed).not.toContain(canary)
  })

  it.for<[ShellName, readonly string[], string]>([
    [
      'zsh',
      ['-f', '-c'],
      `st-secrets() { ${quotedCli()} "$@"; }
      compdef() { :; }; _files() { echo files; }; _describe() { print -l -- "\${(@P)2}"; }
      source ./script
      propose() { words=("$@"); CURRENT=$#; _st_secrets; }
      propose st-secrets get H; propose st-secrets li; propose st-secrets get '$(touch pwned)' ''`,
    ],
    [
      'fish',
      ['--no-config', '-c'],
      `function st-secrets; ${quotedCli()} $argv; end
      source ./script
      complete -C 'st-secrets get H'; complete -C 'st-secrets li'; complete -C 'st-secrets get (touch pwned) '
      echo files`,
    ],
  ])('completes in %s, and runs nothing that was typed', ([shell, flags, program], { skip }) => {
    if (!isInstalled(shell)) skip(`${shell} is not installed`)
    store({ HF_TOKEN: canary })
    const home = process.env['HOME'] ?? ''
    writeFileSync(join(home, 'script'), completionScript(shell))

    const printed = execFileSync(shell, [...flags, program], {
      cwd: home,
      env: { ...process.env, NODE_COMPILE_CACHE: compiledCode() },
    }).toString()

    expect(printed.split('\n').map(line => line.split(/[\t:]/)[0])).toEqual(['HF_TOKEN', 'list', 'files', ''])
    expect(existsSync(join(home, 'pwned'))).toBe(false)
    expect(printed).not.toContain(canary)
  })

  it('prints what PowerShell can read', ({ skip }) => {
    if (!isInstalled('pwsh')) skip('pwsh is not installed')
    const script = join(process.env['HOME'] ?? '', 'script.ps1')
    writeFileSync(script, completionScript('powershell'))

    expect(spawnSync('pwsh', ['-NoProfile', '-File', script]).status).toBe(0)
  })
})
