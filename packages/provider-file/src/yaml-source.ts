import type { Alias, Document, Node, Scalar, YAMLMap } from 'yaml'
import { parseYaml } from './parse-yaml.ts'
import { TextFault } from './text-fault.ts'
import { yaml } from './yaml-library.ts'

/** A YAML text with its aliases resolved. Nothing in it has been turned into a JavaScript value. */
export interface YamlSource {
  /** The mapping at the top; `undefined` when the text holds nothing, or only null. */
  readonly map: YAMLMap | undefined
  /** What the document holds instead of a mapping, when it holds null. */
  readonly contents: Node | null
  /** End of the document's contents, before an end marker. */
  readonly contentsEnd: number
  /** For every alias in the text, in order, the node that it stands for. */
  readonly targets: ReadonlyMap<Alias, Node>
}

const standardTag = 'tag:yaml.org,2002:'
const knownTags: ReadonlySet<string> = new Set(
  'str int float bool null timestamp binary value merge map seq set omap pairs'
    .split(' ')
    .map(name => standardTag + name),
)

/**
 * Reads the structure of a YAML text.
 *
 * @throws TextFault when the text is no YAML, holds several documents or no mapping, or uses an unknown tag.
 */
export function readYamlSource(text: string): YamlSource {
  const nullOffset = text.indexOf('\0')
  // YAML 1.2 §5.1 excludes it; the parser lets it pass.
  if (nullOffset !== -1) throw new TextFault('binary', 'YAML', { text, offset: nullOffset })
  const document = parseYaml(text)
  const [error] = document.errors
  if (error) throw new TextFault('syntax', 'YAML', { text, offset: error.pos[0] })
  const targets = resolvedAliases(document, text)
  const { contents } = document
  const contentsEnd = document.range?.[1] ?? text.length
  if (yaml().isMap(contents)) return { map: contents, contents, contentsEnd, targets }
  if (contents === null || (yaml().isScalar(contents) && isNull(contents))) {
    return { map: undefined, contents, contentsEnd, targets }
  }
  throw new TextFault('not_an_object', 'YAML')
}

/** The node itself, or what an alias stands for. */
export function targetOf(node: unknown, { targets }: YamlSource): unknown {
  return yaml().isAlias(node) ? targets.get(node) : node
}

/** Whether a scalar is null: plain `null`, `~` or nothing at all, or tagged so. */
export function isNull({ type, value, tag }: Scalar): boolean {
  if (tag === `${standardTag}null`) return true
  return tag === undefined && type === 'PLAIN' && /^(?:null|Null|NULL|~|)$/.test(String(value))
}

/** Whether a scalar is marked as bytes. */
export function isBinary({ tag }: Scalar): boolean {
  return tag === `${standardTag}binary`
}

/** Resolved here in one pass: the parser searches the whole document for each alias. */
function resolvedAliases(document: Document.Parsed, text: string): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  yaml().visit(document, {
    Node(_key, node) {
      const offset = node.range?.[0] ?? 0
      if (yaml().isAlias(node)) {
        const target = anchors.get(node.source)
        if (!target) throw new TextFault('syntax', 'YAML', { text, offset })
        targets.set(node, target)
        return
      }
      if (node.tag !== undefined && node.tag !== '!' && !knownTags.has(node.tag)) {
        throw new TextFault('unknown_tag', 'YAML', { text, offset })
      }
      if (node.anchor !== undefined) anchors.set(node.anchor, node)
    },
  })
  return targets
}
