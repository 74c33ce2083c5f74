import { describe, expect, it } from 'vitest'
import { encodePath, pathProblem, trimSlashes } from './vault-path.ts'

describe('pathProblem', () => {
  it.each([
    'simpletuner',
    'team/app',
    '/leading/and/trailing/',
    "o'neil",
    'with space',
    'a#b?c%d',
    '%2e%2e',
    'ü✓',
    '...',
  ])('finds nothing wrong with %j', path => {
    expect(pathProblem(path)).toBeUndefined()
  })

  it.each(['..', 'a/../b', 'a/.', 'a//b', '/', 'a\nb', 'a\u0000b', 'a\u007fb', '\ud800'])(
    'finds fault with %j',
    path => {
      expect(pathProblem(path)).toMatch(/^has /)
    },
  )
})

describe('trimSlashes', () => {
  it('drops slashes at both ends', () => {
    expect(trimSlashes('//team/app/')).toBe('team/app')
  })
})

describe('encodePath', () => {
  it.each([
    ['with space', 'with%20space'],
    ['a#b', 'a%23b'],
    ['a?b', 'a%3Fb'],
    ['50%', '50%25'],
    ['%2e%2e', '%252e%252e'],
    ["o'neil", "o'neil"],
    ['ü✓/x', '%C3%BC%E2%9C%93/x'],
    ['&#x2F;', '%26%23x2F%3B'],
  ])('encodes %j as %j', (path, encoded) => {
    expect(encodePath(path)).toBe(encoded)
  })
})
