import { repeated } from './repeated.ts'
import type { ParsedSecrets, SecretsFormat } from './secrets-format.ts'
import { withoutYamlKey, withYamlValue } from './yaml-edit.ts'
import { complexKey, ownKeys, yamlEntries } from './yaml-entries.ts'
import { yaml } from './yaml-library.ts'
import { isBinary, isNull, readYamlSource, targetOf } from './yaml-source.ts'

/** YAML mappings. Scalars are read by their source text, so that `0123`, `NO` and dates stay what they are. */
export const yamlFormat: SecretsFormat = {
  language: 'YAML',

  parse(text) {
    const source = readYamlSource(text)
    const values = new Map<string, string>()
    const unusable = new Map<string, string>()
    for (const [key, node] of yamlEntries(source)) {
      const value = targetOf(node, source)
      if (key === complexKey) unusable.set(key, 'complex key')
      else if (yaml().isMap(value)) unusable.set(key, 'object')
      else if (yaml().isSeq(value)) unusable.set(key, 'array')
      else if (yaml().isScalar(value) && isBinary(value)) unusable.set(key, 'binary')
      else if (yaml().isScalar(value) && !isNull(value)) values.set(key, String(value.value))
    }
    return { values, unusable, duplicates: repeated(ownKeys(source)) } satisfies ParsedSecrets
  },

  withValue: withYamlValue,
  withoutKey: withoutYamlKey,
}
