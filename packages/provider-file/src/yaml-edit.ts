import type { Alias, Node, Pair, YAMLMap } from 'yaml'
import { afterLineEnd, lineBreakIn, lineEndOf, lineStart, spliced } from './text-splice.ts'
import type { Splice } from './text-splice.ts'
import { isMerge, keyOf } from './yaml-entries.ts'
import { yaml } from './yaml-library.ts'
import { yamlScalar } from './yaml-scalar.ts'
import { isNull, readYamlSource } from './yaml-source.ts'
import type { YamlSource } from './yaml-source.ts'

/** Longer keys cannot stand before a colon on their line (YAML 1.2 §7.4.2: 1024 characters). */
const maxImplicitKey = 1000

/**
 * The text with this key holding this value. Changes only the place of the value, so that comments, order and layout
 * stay; what the value's anchor was used for keeps the old value. The caller checks that the result reads as it should:
 * unusual layouts come out wrong.
 */
export function withYamlValue(text: string | undefined, key: string, value: string): string {
  const original = text ?? ''
  const source = readYamlSource(original)
  const { map } = source
  const pair = map && pairsOf(map, key, source).at(-1)
  if (map === undefined) return spliced(original, firstEntry(original, source, entryText(key, value, '')))
  if (pair === undefined) return spliced(original, [addition(original, map, { key, value })])
  return spliced(original, [
    ...replacement(original, pair, yamlScalar(value, map.flow === true)),
    ...movedAnchors([pair], source),
  ])
}

/** The text without any pair of this key. */
export function withoutYamlKey(text: string, key: string): string {
  const source = readYamlSource(text)
  const { map } = source
  if (map === undefined) return text
  const removed = new Set(pairsOf(map, key, source))
  const removals = map.flow === true ? flowRemovals(map, removed) : [...removed].map(pair => lineRemoval(text, pair))
  return spliced(text, [...removals, ...movedAnchors([...removed], source)])
}

function pairsOf(map: YAMLMap, key: string, source: YamlSource): Pair[] {
  return map.items.filter(pair => !isMerge(pair) && keyOf(pair, source) === key)
}

function entryText(key: string, value: string, indent: string): string {
  const keyText = yamlScalar(key, false)
  const valueText = yamlScalar(value, false)
  if (keyText.length > maxImplicitKey) return `${indent}? ${keyText}\n${indent}: ${valueText}`
  return `${indent}${keyText}: ${valueText}`
}

/** Makes a mapping of a text that has none: it is empty, holds comments only, or null. */
function firstEntry(text: string, { contents, contentsEnd }: YamlSource, entry: string): readonly Splice[] {
  const nullRange = rangeOf(contents)
  const position = afterLineEnd(text, contentsEnd)
  return [
    ...(nullRange ? [{ start: nullRange[0], end: nullRange[1], text: '' }] : []),
    { start: position, end: position, text: onLineOfItsOwn(text, position, entry) },
  ]
}

function addition(
  text: string,
  map: YAMLMap,
  { key, value }: { readonly key: string; readonly value: string },
): Splice {
  const [start, , end] = rangeOf(map) ?? [0, 0, 0]
  if (map.flow === true) {
    const last = map.items.at(-1)
    const position = last ? endOf(last) : start + 1
    const entry = `${yamlScalar(key, true)}: ${yamlScalar(value, true)}`
    return { start: position, end: position, text: last ? `, ${entry}` : entry }
  }
  const indent = ' '.repeat(start - lineStart(text, start))
  const position = afterLineEnd(text, end)
  return { start: position, end: position, text: onLineOfItsOwn(text, position, entryText(key, value, indent)) }
}

function replacement(text: string, pair: Pair, valueText: string): readonly Splice[] {
  const colonEnd = colonEndOf(pair)
  // A key without a colon: nothing is changed here, and the check that the caller makes fails.
  if (colonEnd === undefined) return []
  const range = contentRangeOf(pair.value)
  if (range && yaml().isCollection(pair.value) && pair.value.flow !== true) {
    // A list may begin in the column of its key, where a scalar cannot.
    return [{ start: colonEnd, end: range[1], text: ` ${valueText}${lineEndOf(text.slice(0, range[1]))}` }]
  }
  const properties = (pair.srcToken?.sep ?? [])
    .filter(({ type }) => type === 'anchor' || type === 'tag')
    .map(({ offset, source }) => ({ start: offset, end: offset + source.length, text: '' }))
  if (!range) return [...properties, { start: colonEnd, end: colonEnd, text: ` ${valueText}` }]
  const [start, end] = range
  return [...properties, { start, end, text: valueText + endingOf(pair.value, text.slice(start, end)) }]
}

/** A block scalar includes the comment of its first line and the end of its last one. */
function endingOf(node: unknown, source: string): string {
  const lineEnd = lineEndOf(source)
  return lineEnd !== '' && yaml().isNode(node) && node.comment ? ` #${node.comment}${lineEnd}` : lineEnd
}

/** Block style: the lines of a pair. Comments above it stay. */
function lineRemoval(text: string, pair: Pair): Splice {
  const indicator = pair.srcToken?.start.find(({ type }) => type === 'explicit-key-ind')
  const end = contentRangeOf(pair.value)?.[2] ?? colonEndOf(pair) ?? endOf(pair)
  return { start: lineStart(text, indicator?.offset ?? startOf(pair)), end: afterLineEnd(text, end), text: '' }
}

/** Flow style: each pair with the comma after it; the last ones with the comma before them. */
function flowRemovals(map: YAMLMap, removed: ReadonlySet<Pair>): readonly Splice[] {
  const lastKept = map.items.findLastIndex(pair => !removed.has(pair))
  const removals = map.items.slice(0, lastKept + 1).flatMap((pair, index) => {
    const next = map.items[index + 1]
    return removed.has(pair) && next ? [{ start: startOf(pair), end: startOf(next), text: '' }] : []
  })
  const [first, kept, last] = [map.items[0], map.items[lastKept], map.items.at(-1)]
  if (!first || !last || last === kept) return removals
  return [...removals, { start: kept ? endOf(kept) : startOf(first), end: endOf(last), text: '' }]
}

/** Where a removed scalar was anchored, its first alias takes over the anchor and the value. */
function movedAnchors(removed: readonly Pair[], { targets }: YamlSource): readonly Splice[] {
  const values = new Set(removed.map(({ value }) => value))
  return removed.flatMap(({ value }) => {
    if (!yaml().isScalar(value) || value.anchor === undefined) return []
    const heir = firstAliasOf(value, targets, values)
    const range = rangeOf(heir)
    const text = isNull(value) ? 'null' : yamlScalar(String(value.value), true)
    return range ? [{ start: range[0], end: range[1], text: `&${value.anchor} ${text}` }] : []
  })
}

function firstAliasOf(
  node: Node,
  targets: ReadonlyMap<Alias, Node>,
  excluded: ReadonlySet<unknown>,
): Alias | undefined {
  return [...targets].find(([alias, target]) => target === node && !excluded.has(alias))?.[0]
}

function startOf({ key }: Pair): number {
  return rangeOf(key)?.[0] ?? 0
}

function endOf({ key, value }: Pair): number {
  return (rangeOf(value) ?? rangeOf(key))?.[1] ?? 0
}

function colonEndOf({ srcToken }: Pair): number | undefined {
  const colon = srcToken?.sep?.find(({ type }) => type === 'map-value-ind')
  return colon && colon.offset + 1
}

/** Where a node begins, where its text ends, and where what belongs to it ends. */
type NodeRange = readonly [start: number, end: number, nodeEnd: number]

function rangeOf(node: unknown): NodeRange | undefined {
  return yaml().isNode(node) ? (node.range ?? undefined) : undefined
}

/** The same, for nodes that are written at all: what is left out after a colon has a place and no extent. */
function contentRangeOf(node: unknown): NodeRange | undefined {
  const range = rangeOf(node)
  return range?.[0] === range?.[1] ? undefined : range
}

function onLineOfItsOwn(text: string, position: number, entry: string): string {
  const lineBreak = lineBreakIn(text)
  return `${lineStart(text, position) === position ? '' : lineBreak}${entry}${lineBreak}`
}
