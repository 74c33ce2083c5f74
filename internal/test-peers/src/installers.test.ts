import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findExecutable } from './executable.ts'
import { findPythonCryptography } from './python-cryptography.ts'
import { PythonEnvironment } from './python-environment.ts'

let bin: string

/** Puts a shell script into the `PATH` of this test. */
function program(name: string, script: string): void {
  const path = join(bin, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
}

/** A Python that makes environments whose pip ends with this code. */
function pythonWhosePipEndsWith(code: number): void {
  const pip = `#!/bin/sh\\necho "$@" >> ${homedir()}/pip\\necho cannot reach the index\\nexit ${code}\\n`
  program(
    'python3',
    `[ "$1" = -c ] && exit; mkdir -p "$3/bin" && printf '${pip}' > "$3/bin/python" && chmod +x "$3/bin/python"`,
  )
}

beforeEach(() => {
  bin = join(homedir(), 'bin')
  mkdirSync(bin)
  vi.stubEnv('PATH', `${bin}:/bin:/usr/bin`)
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

describe('findExecutable', () => {
  it('finds what may be run, and nothing else', () => {
    program('st-peer', 'true')
    writeFileSync(join(bin, 'st-text'), '')

    expect(findExecutable('st-peer')).toBe(join(bin, 'st-peer'))
    expect(findExecutable('st-text')).toBeUndefined()
    expect(findExecutable('st-absent')).toBeUndefined()
  })
})

describe('PythonEnvironment', () => {
  it('is complete after all packages are in', async () => {
    pythonWhosePipEndsWith(0)
    const environment = new PythonEnvironment('one', homedir())

    await environment.install(['moto==1', 'flask'])

    expect(environment.isComplete()).toBe(true)
    expect(readFileSync(join(homedir(), 'pip'), 'utf8')).toContain('install --quiet --no-compile moto==1 flask')
  })

  it('is not complete when a package fails, and starts anew', async () => {
    pythonWhosePipEndsWith(1)
    const environment = new PythonEnvironment('one', homedir())
    mkdirSync(join(homedir(), 'one'))
    writeFileSync(join(homedir(), 'one', 'left behind'), '')

    await expect(environment.install(['moto==1'])).rejects.toThrow('cannot reach the index')

    expect(environment.isComplete()).toBe(false)
    expect(existsSync(join(homedir(), 'one', 'left behind'))).toBe(false)
  })

  it('gets from Debian what Python lacks to make environments', async () => {
    const log = join(homedir(), 'log')
    program('apt-get', `echo "$@" >> ${log}`)
    program('sudo', 'shift; exec env "$@"')
    program('python3', 'exit 1')

    await expect(new PythonEnvironment('one', homedir()).install(['moto==1'])).rejects.toThrow('python3 -m venv')

    expect(readFileSync(log, 'utf8')).toContain('install -y --no-install-recommends python3 python3-venv')
  })
})

describe('findPythonCryptography', () => {
  it("finds the machine's Python where its package is recent enough", () => {
    program('python3', 'exit 0')

    expect(findPythonCryptography(new PythonEnvironment('one', homedir()))).toEqual({ path: join(bin, 'python3') })
  })

  it('finds none where the package is older or absent, or there is no Python', () => {
    program('python3', 'exit 1')
    const withoutPackage = findPythonCryptography(new PythonEnvironment('one', homedir()))
    vi.stubEnv('PATH', homedir())

    const withoutPython = findPythonCryptography(new PythonEnvironment('one', homedir()))

    expect([withoutPackage, withoutPython]).toEqual([undefined, undefined])
  })

  it('prefers the environment that was made for tests', async () => {
    pythonWhosePipEndsWith(0)
    const environment = new PythonEnvironment('one', homedir())
    await environment.install(['cryptography==1'])

    expect(findPythonCryptography(environment)).toEqual({ path: environment.python })
  })
})

describe('installDebianPackages', () => {
  it('updates the lists once and installs without recommendations', async () => {
    const log = join(homedir(), 'log')
    program('apt-get', `echo "$@ $DEBIAN_FRONTEND" >> ${log}`)
    program('sudo', 'shift; exec env "$@"')
    const { installDebianPackages } = await import('./debian-packages.ts')

    await installDebianPackages(['chromium', 'fonts'])
    await installDebianPackages(['python3'])

    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual([
      '-q update noninteractive',
      '-q install -y --no-install-recommends chromium fonts noninteractive',
      '-q install -y --no-install-recommends python3 noninteractive',
    ])
  })

  it('tells what went wrong', async () => {
    program('apt-get', 'echo E: Unable to locate package; exit 100')
    program('sudo', 'shift; exec env "$@"')
    const { installDebianPackages } = await import('./debian-packages.ts')

    await expect(installDebianPackages(['nope'])).rejects.toThrow('Unable to locate package')
  })

  it('says what to install by hand where there is no apt-get', async () => {
    vi.stubEnv('PATH', bin)
    const { installDebianPackages } = await import('./debian-packages.ts')

    await expect(installDebianPackages(['chromium'])).rejects.toThrow('install chromium by hand')
  })
})
