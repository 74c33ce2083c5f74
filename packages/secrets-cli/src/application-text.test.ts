import { describe, expect, it } from 'vitest'
import { inProcess } from './__fixtures__/in-process.ts'

describe('a command line that cannot be read', () => {
  it.each([
    ['names the nearest command', ['exprot'], 'There is no command "exprot".\nDid you mean export?'],
    ['names a flag for what is a command elsewhere', ['help'], 'There is no command "help".\nDid you mean --help?'],
    ['names the nearest flag', ['export', '--formt', 'x'], 'There is no flag --formt. Did you mean --format?'],
    ['says what a flag takes', ['export', '--format', 'x'], '--format must be one of json, env, shell, docker, k8s.'],
    ['says what is missing', ['get'], 'KEY is missing.'],
  ])('%s', async (_title, words, message) => {
    const { code, stdout, stderr } = await inProcess(words)

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.startsWith(`error: ${message}\n`)).toBe(true)
  })
})
