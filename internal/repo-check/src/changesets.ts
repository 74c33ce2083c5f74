import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Repository } from './repository.ts'

/** One changeset configuration, at the root; every changeset names packages that exist and says something. */
export function changesets(repository: Repository): readonly string[] {
  const { root, members } = repository
  return [
    ...(existsSync(join(root, '.changeset/config.json')) ? [] : ['.changeset/config.json is missing']),
    ...members
      .filter(({ path }) => existsSync(join(path, '.changeset')))
      .map(({ folder }) => `${folder}/.changeset: changesets live in the root's folder`),
    ...changesetFiles(root).flatMap(file => changesetFaults(repository, file)),
  ]
}

function changesetFiles(root: string): readonly string[] {
  const folder = join(root, '.changeset')
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter(file => file.endsWith('.md') && file !== 'README.md')
}

function changesetFaults({ root, packages }: Repository, file: string): readonly string[] {
  const [, head = '', body = ''] = readFileSync(join(root, '.changeset', file), 'utf8').split(/^---$/m)
  const bumps: unknown = parse(head)
  const names = Object.entries(bumps ?? {})
  return [
    ...(names.length > 0 ? [] : ['names no package']),
    ...names
      .filter(([name]) => packages.every(({ manifest }) => manifest.name !== name))
      .map(([name]) => `${name} is not a package of this repository`),
    ...names
      .filter(([, bump]) => !['major', 'minor', 'patch'].includes(String(bump)))
      .map(([name, bump]) => `${String(bump)} is no bump for ${name}`),
    ...(body.trim().length > 0 ? [] : ['does not say what changed']),
  ].map(fault => `.changeset/${file}: ${fault}`)
}
