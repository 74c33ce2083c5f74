import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { startChild } from './__fixtures__/child-program.ts'

describe('the parser of YAML', () => {
  it.each(['sync', 'async'])('is loaded when the first YAML is read, and not before (%s)', async way => {
    writeFileSync(join(homedir(), 'values.json'), '{"KEY": "1"}', { mode: 0o600 })
    writeFileSync(join(homedir(), 'values.yaml'), 'KEY: 2', { mode: 0o600 })

    const child = startChild({ name: 'parser-use.ts' }, homedir(), way)

    const steps: unknown = child.stdout && JSON.parse(await text(child.stdout))
    expect(steps).toEqual(['1', false, null, false, '2', true])
  })
})
