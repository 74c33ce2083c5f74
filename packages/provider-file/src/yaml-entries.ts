import type { Pair, YAMLMap } from 'yaml'
import { TextFault } from './text-fault.ts'
import { yaml } from './yaml-library.ts'
import { targetOf } from './yaml-source.ts'
import type { YamlSource } from './yaml-source.ts'

/** Stands for a key that is no scalar. */
export const complexKey = '<complex key>'

/** Merging a mapping copies its entries, and merges can be nested: bounds the work that a small text can ask for. */
const maxMergedEntries = 100_000

/** Value nodes of the mapping at the top by key, merge keys (`<<`) included; the mapping's own keys win. */
export function yamlEntries(source: YamlSource): ReadonlyMap<string, unknown> {
  return source.map === undefined ? new Map() : new Entries(source).of(source.map)
}

/** The mapping's own keys, merged ones left out, as often as they are written. */
export function ownKeys(source: YamlSource): readonly string[] {
  const pairs = source.map?.items.filter(pair => !isMerge(pair)) ?? []
  return pairs.map(pair => keyOf(pair, source) ?? complexKey)
}

/** Key of a pair as text; `undefined` when it is no scalar. */
export function keyOf(pair: Pair, source: YamlSource): string | undefined {
  const key = targetOf(pair.key, source)
  return yaml().isScalar(key) ? String(key.value) : undefined
}

/** Whether a pair merges another mapping into its own. A quoted `<<` is an ordinary key. */
export function isMerge({ key }: Pair): boolean {
  return yaml().isScalar(key) && key.type === 'PLAIN' && key.value === '<<' && key.tag === undefined
}

class Entries {
  readonly #source: YamlSource
  readonly #finished = new Map<YAMLMap, ReadonlyMap<string, unknown>>()
  readonly #begun = new Set<YAMLMap>()
  #merged = 0

  constructor(source: YamlSource) {
    this.#source = source
  }

  of(map: YAMLMap): ReadonlyMap<string, unknown> {
    const finished = this.#finished.get(map)
    if (finished) return finished
    // A mapping that merges itself.
    if (this.#begun.has(map)) throw new TextFault('too_many_aliases', 'YAML')
    this.#begun.add(map)
    const entries = new Map<string, unknown>()
    for (const pair of map.items) if (isMerge(pair)) this.#merge(pair, entries)
    for (const pair of map.items) if (!isMerge(pair)) entries.set(keyOf(pair, this.#source) ?? complexKey, pair.value)
    this.#finished.set(map, entries)
    return entries
  }

  #merge(pair: Pair, entries: Map<string, unknown>): void {
    const value = targetOf(pair.value, this.#source)
    // Of several mappings in a list the earlier one wins (YAML merge key, 2005).
    for (const item of yaml().isSeq(value) ? value.items.toReversed() : [value]) {
      const map = targetOf(item, this.#source)
      if (!yaml().isMap(map)) throw new TextFault('syntax', 'YAML')
      const merged = this.of(map)
      for (const [key, node] of merged) entries.set(key, node)
      this.#merged += merged.size
      if (this.#merged > maxMergedEntries) throw new TextFault('too_many_aliases', 'YAML')
    }
  }
}
