import { readFileSync } from 'node:fs'

/** What a recorded file holds: text, bytes, or a recipe for something large. */
export type RecordedContent =
  | string
  | { readonly base64: string }
  | {
      readonly generate:
        | {
            readonly kind: 'repeat'
            readonly prefix: string
            readonly unit: string
            readonly count: number
            readonly suffix: string
          }
        | { readonly kind: 'jsonKeys' | 'yamlKeys'; readonly count: number }
    }

/** A file, and what has to come of reading it. */
export interface RecordedParsing {
  readonly name: string
  readonly file: string
  readonly content: RecordedContent
  readonly improved: {
    /** Either outcome is right. */
    readonly either?: true
    readonly ok?: boolean
    readonly values?: Readonly<Record<string, unknown>>
    readonly unusable?: readonly string[]
  }
}

/** Files in a home directory, and which of them is used. */
export interface RecordedPath {
  readonly name: string
  readonly filePath?: string
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string | { readonly dir: true } | { readonly symlink: string }>>
  readonly resolved: string | null
  readonly isAvailable: boolean
}

/** The cases of `parsing.json`. */
export const recordedParsings: readonly RecordedParsing[] = read('parsing.json') as readonly RecordedParsing[]

/** The cases of `paths.json`. */
export const recordedPaths: readonly RecordedPath[] = read('paths.json') as readonly RecordedPath[]

/** The bytes of a recorded file. */
export function bytesOf(content: RecordedContent): Buffer {
  if (typeof content === 'string') return Buffer.from(content)
  if ('base64' in content) return Buffer.from(content.base64, 'base64')
  const recipe = content.generate
  if (recipe.kind === 'repeat') return Buffer.from(recipe.prefix + recipe.unit.repeat(recipe.count) + recipe.suffix)
  const pairs = Array.from({ length: recipe.count }, (_, index) => [`KEY_${index}`, `value-${index}`] as const)
  if (recipe.kind === 'jsonKeys') return Buffer.from(JSON.stringify(Object.fromEntries(pairs)))
  return Buffer.from(pairs.map(([key, value]) => `${key}: ${value}\n`).join(''))
}

/** The files of this directory hold what the types above say. */
function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
}
