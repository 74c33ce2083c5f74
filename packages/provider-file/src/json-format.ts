import { readJsonObject } from './json-object-text.ts'
import type { JsonMember, JsonObjectText } from './json-object-text.ts'
import { repeated } from './repeated.ts'
import type { ParsedSecrets, SecretsFormat } from './secrets-format.ts'
import { lineBreakIn } from './text-splice.ts'

const emptyObject = '{}\n'

/** JSON objects. Numbers are read by their source text, so that none is rounded. */
export const jsonFormat: SecretsFormat = {
  language: 'JSON',

  parse(text) {
    const values = new Map<string, string>()
    const unusable = new Map<string, string>()
    const { members } = readJsonObject(text)
    for (const { key, valueSource } of members) {
      values.delete(key)
      unusable.delete(key)
      if (valueSource.startsWith('{')) unusable.set(key, 'object')
      else if (valueSource.startsWith('[')) unusable.set(key, 'array')
      else if (valueSource !== 'null') values.set(key, textOf(valueSource))
    }
    return { values, unusable, duplicates: repeated(members.map(({ key }) => key)) } satisfies ParsedSecrets
  },

  withValue(text = emptyObject, key, value) {
    const object = readJsonObject(text)
    const member = { key, keySource: JSON.stringify(key), valueSource: JSON.stringify(value) }
    const index = object.members.findLastIndex(candidate => candidate.key === key)
    const members =
      index === -1
        ? [...object.members, member]
        : object.members.with(index, { ...member, keySource: object.members[index]?.keySource ?? member.keySource })
    return layOut(text, { ...object, members })
  },

  withoutKey(text, key) {
    const object = readJsonObject(text)
    // An earlier duplicate would come to light if only the last one were removed.
    return layOut(text, { ...object, members: object.members.filter(member => member.key !== key) })
  },
}

function textOf(valueSource: string): string {
  // Only strings begin with a quote, and the scanner has passed this one.
  return valueSource.startsWith('"') ? (JSON.parse(valueSource) as string) : valueSource
}

/** One member a line, indented as the file's first member is, or by two spaces; keys and values as they were written. */
function layOut(text: string, { members, leading, trailing }: JsonObjectText): string {
  const lineBreak = lineBreakIn(text)
  const indent = /[\r\n]([ \t]*)$/.exec(leading)?.[1] ?? '  '
  const lines = members.map(member => `${lineBreak}${indent}${memberText(member)}`)
  return `{${lines.join(',')}${lines.length > 0 ? lineBreak : ''}}${trailing || lineBreak}`
}

function memberText({ keySource, valueSource }: JsonMember): string {
  return `${keySource}: ${valueSource}`
}
