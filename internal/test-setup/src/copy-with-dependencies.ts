import { cpSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/**
 * Copies a package into the test's home, to where the named ones of its dependencies are installed, and no others.
 *
 * The copy lies outside any node_modules, where Node strips types; a module in it imports the package by its own name.
 */
export function copyWithDependencies(packageFolder: string, dependencies: readonly string[]): string {
  const copy = join(mkdtempSync(join(homedir(), 'copy-')), basename(packageFolder))
  for (const part of ['src', 'package.json']) cpSync(join(packageFolder, part), join(copy, part), { recursive: true })
  for (const dependency of dependencies) {
    const target = join(copy, 'node_modules', dependency)
    mkdirSync(dirname(target), { recursive: true })
    symlinkSync(join(packageFolder, 'node_modules', dependency), target)
  }
  return copy
}
