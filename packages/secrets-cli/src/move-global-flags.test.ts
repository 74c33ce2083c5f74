import { describe, expect, it } from 'vitest'
import { moveGlobalFlags } from './move-global-flags.ts'

describe('moveGlobalFlags', () => {
  it.each([
    [[], []],
    [
      ['get', 'K'],
      ['get', 'K'],
    ],
    [
      ['--json', 'get', 'K'],
      ['get', 'K', '--json'],
    ],
    [
      ['--config', 'x.json', '-q', 'get', 'K'],
      ['get', 'K', '--config', 'x.json', '-q'],
    ],
    [
      ['--timeout=3', 'run', '--', 'ls', '--json'],
      ['run', '--timeout=3', '--', 'ls', '--json'],
    ],
    [['--json'], ['--json']],
    [['--config'], ['--config']],
    [
      ['--help', 'get'],
      ['--help', 'get'],
    ],
  ])('turns %j into %j', (words, moved) => {
    expect(moveGlobalFlags(words)).toEqual(moved)
  })
})
