import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The server's own folder, made when it is not there, readable by its owner only. */
export function ownFolder(env: Readonly<Record<string, string | undefined>>): string {
  const state = env['SIMPLETUNER_STATE_DIR'] || join(homedir(), '.simpletuner')
  const folder = join(state, 'st')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}
