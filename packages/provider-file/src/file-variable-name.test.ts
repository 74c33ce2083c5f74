import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fileVariableName } from './file-variable-name.ts'

/** The names that SimpleTuner's environment provider makes; `JSON.parse` does not know that the file holds this. */
const names = JSON.parse(
  readFileSync(new URL('__fixtures__/variable-names.json', import.meta.url), 'utf8'),
) as readonly { readonly prefix: string; readonly key: string; readonly expected: string }[]

describe('fileVariableName', () => {
  it.each(names)('reads $key with prefix "$prefix" from the file in $expected_FILE', ({ prefix, key, expected }) => {
    expect(fileVariableName(key, prefix)).toBe(`${expected}_FILE`)
  })

  it('is checked against all 90 recorded names', () => {
    expect(names).toHaveLength(90)
  })
})
