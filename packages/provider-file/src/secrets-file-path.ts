import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { isAbsence } from './system-error.ts'

const defaultNames = ['secrets.json', 'secrets.yaml', 'secrets.yml']

/** A path that a caller gave, made absolute; a leading `~` stands for the home directory. Variables are not expanded. */
export function expandedPath(path: string): string {
  const home = /^~(?=$|[/\\])/.test(path) ? homeDirectory() : undefined
  return resolve(home === undefined ? path : join(home, path.slice(1)))
}

/**
 * The default file in use: the first of `~/.simpletuner/secrets.json`, `.yaml` and `.yml` that is a regular file, else
 * the first name, where a new file goes. `undefined` when there is no home directory.
 */
export function defaultFilePath(): string | undefined {
  return defaultFilePaths()[0] ?? candidates()[0]
}

/** Every default file that is there, the one in use first. */
export function defaultFilePaths(): readonly string[] {
  return candidates().filter(candidate => mayBeFile(candidate))
}

/** Whether there is anything at this path, as far as can be told. */
export function isPresent(path: string): boolean {
  try {
    statSync(path)
    return true
  } catch (error) {
    // What cannot be looked at is asked, so that the answer is an error and not "no such key".
    return !isAbsence(error)
  }
}

function candidates(): readonly string[] {
  const home = homeDirectory()
  return home === undefined ? [] : defaultNames.map(name => join(home, '.simpletuner', name))
}

function mayBeFile(filePath: string): boolean {
  try {
    return statSync(filePath).isFile()
  } catch (error) {
    return !isAbsence(error)
  }
}

function homeDirectory(): string | undefined {
  try {
    return homedir()
  } catch {
    // No HOME, and the user has no entry in the password database: a container with an arbitrary user id.
    return undefined
  }
}
