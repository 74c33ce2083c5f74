/** One operation of a case: what the original did, and under `improved` what we do instead; without it we do the same. */
export interface Operation {
  readonly op: string
  readonly key?: string | number | null | readonly string[]
  readonly default?: string
  readonly name?: string
  readonly path?: string
  readonly value?: unknown
  readonly content?: string
  readonly result?: unknown
  readonly improved?: unknown
  readonly raises?: string
}

/** A file of a case; a bare string is its text. */
export interface FileSpec {
  readonly text?: string
  readonly mode?: string
  readonly dir?: boolean
  readonly symlink?: string
}

/** A provider that lives in memory. */
export interface MemorySpec {
  readonly kind: 'memory'
  readonly name: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly throws?: string
  readonly available?: boolean
}

/** One case of the fixture: a world, and operations on a manager in it. */
export interface ChainCase {
  readonly name: string
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string | FileSpec>>
  readonly providers?: readonly (
    | MemorySpec
    | { readonly kind: 'env' }
    | { readonly kind: 'file'; readonly path?: string }
  )[]
  readonly config?: Readonly<Record<string, string>>
  readonly ops: readonly Operation[]
}
