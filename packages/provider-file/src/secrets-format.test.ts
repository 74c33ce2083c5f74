import { describe, expect, it } from 'vitest'
import { jsonFormat } from './json-format.ts'
import { formatOf } from './secrets-format.ts'
import { yamlFormat } from './yaml-format.ts'

describe('formatOf', () => {
  it.each(['a.yaml', 'a.yml', 'a.YAML', 'a.Yml', '/x.json/a.yaml'])('reads %s as YAML', path => {
    expect(formatOf(path)).toBe(yamlFormat)
  })

  it.each(['a.json', 'a.JSON', 'a', 'a.txt', 'a.yaml.json', 'yaml', 'a.yamls'])('reads %s as JSON', path => {
    expect(formatOf(path)).toBe(jsonFormat)
  })
})
