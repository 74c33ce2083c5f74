import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('../../../packages', import.meta.url))

/** A folder with a package.json. */
export interface WorkspacePackage {
  readonly name: string
  /** Absolute path. */
  readonly folder: string
  /** Names of what it needs at run time, from the workspace or not; optional peers are not among them. */
  readonly dependencies: readonly string[]
  /** Names of what its tests and its types need. */
  readonly devDependencies: readonly string[]
}

/** Reads the package in a folder; the examples are read as one, too. */
export function readWorkspacePackage(folder: string): WorkspacePackage {
  // repo-check holds every package.json to these fields.
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string
    dependencies?: Record<string, string>
    devDependencies?: Record<string, string>
  }
  const { name, dependencies = {}, devDependencies = {} } = manifest
  return { name, folder, dependencies: Object.keys(dependencies), devDependencies: Object.keys(devDependencies) }
}

/** The packages of this workspace that come along when `subject` is installed, each once, without `subject`. */
export function workspaceDependencies(subject: WorkspacePackage): readonly WorkspacePackage[] {
  const found = new Map<string, WorkspacePackage>()
  const visit = ({ dependencies }: WorkspacePackage): void => {
    for (const name of dependencies.filter(dependency => dependency.startsWith('@st/') && !found.has(dependency))) {
      const dependency = readWorkspacePackage(join(packages, name.slice('@st/'.length)))
      found.set(name, dependency)
      visit(dependency)
    }
  }
  visit(subject)
  return [...found.values()]
}
