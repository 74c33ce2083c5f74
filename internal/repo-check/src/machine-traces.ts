import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from './repository.ts'

/** What is not kept in the repository, recorded data (which may hold any path), and this file. */
const skipped =
  /^(?:\.git|\.tsc|\.turbo|coverage|dist|fixtures|node_modules|temp|__fixtures__|machine-traces\.ts|pnpm-lock\.yaml)$/

/** Starts of paths that exist on somebody's machine only. */
const machinePaths = ['home', 'root', 'tmp', 'Users', 'work'].map(
  folder => new RegExp(`(?<![\\w.~})\\]/-])/${folder}/[\\w.-]+`),
)

/** No file holds a path of the machine that it was written on. */
export function machineTraces({ root }: Repository): readonly string[] {
  return filesBelow(root, '').flatMap(file =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => traces(line).map(trace => `${file}:${index + 1} holds ${trace}`)),
  )
}

function filesBelow(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(entry => !skipped.test(entry.name))
    .flatMap(entry => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return filesBelow(root, path)
      return entry.isFile() ? [path] : []
    })
}

function traces(line: string): readonly string[] {
  return machinePaths.map(pattern => pattern.exec(line)?.[0]).filter(found => found !== undefined)
}
