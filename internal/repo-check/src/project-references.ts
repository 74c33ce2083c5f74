import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import type { Member, Repository } from './repository.ts'

/** The references of each tsconfig.json are its workspace dependencies; those of the root's are all members. */
export function projectReferences({ root, members }: Repository): readonly string[] {
  const folders = new Map(members.map(({ manifest, path }) => [manifest.name, path]))
  return [
    ...referenceFaults(
      'tsconfig.json',
      root,
      members.map(({ path }) => path),
    ),
    ...members.flatMap(member => {
      const wanted = workspaceDependencies(member).map(name => folders.get(name) ?? join(root, name))
      return referenceFaults(`${member.folder}/tsconfig.json`, member.path, wanted)
    }),
  ]
}

/** Without the peers: those of @st/secrets-core depend on it themselves, and a cycle cannot be built. */
function workspaceDependencies({ manifest }: Member): readonly string[] {
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([, range]) => range.startsWith('workspace:'))
    .map(([name]) => name)
}

function referenceFaults(file: string, folder: string, wanted: readonly string[]): readonly string[] {
  const path = join(folder, 'tsconfig.json')
  if (!existsSync(path)) return [`${file} is missing`]
  const { config } = ts.parseConfigFileTextToJson(path, readFileSync(path, 'utf8')) as {
    config?: { references?: readonly { path: string }[] }
  }
  const present = new Set((config?.references ?? []).map(reference => join(folder, reference.path)))
  return [
    ...wanted
      .filter(target => !present.has(target))
      .map(target => `${file} has no reference to ${relative(folder, target)}`),
    ...[...present]
      .filter(target => !wanted.includes(target))
      .map(target => `${file} refers to ${relative(folder, target)}, which is not a dependency`),
  ]
}
