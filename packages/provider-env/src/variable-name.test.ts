import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { variableName } from './variable-name.ts'

/** The names that SimpleTuner's provider makes; `JSON.parse` does not know that the file holds this. */
const names = JSON.parse(
  readFileSync(new URL('__fixtures__/variable-names.json', import.meta.url), 'utf8'),
) as readonly { readonly prefix: string; readonly key: string; readonly expected: string }[]

describe('variableName', () => {
  it.each(names)('reads $key with prefix "$prefix" from $expected', ({ prefix, key, expected }) => {
    expect(variableName(key, prefix)).toBe(expected)
  })

  it('is checked against all 90 recorded names', () => {
    expect(names).toHaveLength(90)
  })
})
