import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** A checkout, as the checks see it. */
export interface Repository {
  /** Absolute path of the root folder. */
  readonly root: string
  /** Every folder that pnpm-workspace.yaml names and that has a package.json. */
  readonly members: readonly Member[]
  /** The members under `packages/`: what is published. */
  readonly packages: readonly Member[]
}

/** One workspace member. */
export interface Member {
  /** Path from the root: `packages/ttl-cache`. */
  readonly folder: string
  /** Absolute path of the folder. */
  readonly path: string
  readonly manifest: Manifest
}

/** The fields of a package.json that the checks read. */
export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
  readonly publishConfig?: { readonly access?: string; readonly exports?: Readonly<Record<string, unknown>> }
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  readonly [field: string]: unknown
}

/** Whether a package is run and not imported: it has a command, and exports nothing. */
export function isProgram({ bin, exports = {} }: Manifest): boolean {
  return bin !== undefined && !('.' in exports)
}

/** Looks at a repository and says what is wrong with it, a sentence for each fault. */
export type Check = (repository: Repository) => readonly string[] | Promise<readonly string[]>

/** Reads the members that pnpm-workspace.yaml names. */
export function readRepository(root: string): Repository {
  const members = workspaceGlobs(root)
    .flatMap(glob => expand(root, glob))
    .filter(folder => existsSync(join(root, folder, 'package.json')))
    .toSorted()
    .map(folder => ({ folder, path: join(root, folder), manifest: readManifest(join(root, folder)) }))
  return { root, members, packages: members.filter(({ folder }) => folder.startsWith('packages/')) }
}

function workspaceGlobs(root: string): readonly string[] {
  // pnpm refuses a workspace file whose `packages` is anything else than a list of texts.
  const workspace = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) as { packages: string[] }
  return workspace.packages
}

/** Only the forms in use are understood: `folder/*` and `folder`. */
function expand(root: string, glob: string): readonly string[] {
  if (/^[\w-]+$/.test(glob)) return [glob]
  const [group, star, ...more] = glob.split('/')
  if (!group || star !== '*' || more.length > 0) throw new Error(`pnpm-workspace.yaml: cannot read the pattern ${glob}`)
  if (!existsSync(join(root, group))) return []
  return readdirSync(join(root, group)).map(name => `${group}/${name}`)
}

function readManifest(folder: string): Manifest {
  // Fields of a wrong type show up as faults in the checks, which compare values.
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}
