import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from '@st/secrets-core'

/** What of the server's own folder only its owner may open. */
const ownFiles = /^(demo\.db|audit\.key|credential\.key)/

/** Whether the server's own files are safe from other users of the machine (R105). */
export async function fileFindings(folder: string, userId = process.getuid?.()): Promise<readonly Finding[]> {
  // Windows has neither.
  if (userId === undefined) return []
  const names = (await readdir(folder).catch(() => [])).filter(name => ownFiles.test(name)).toSorted()
  const found = await Promise.all(
    [folder, ...names.map(name => join(folder, name))].map(path => exposures(path, userId)),
  )
  return found.flat()
}

async function exposures(path: string, userId: number): Promise<readonly Finding[]> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return []
  const mode = found.mode & 0o777
  const [right, letters] = found.isDirectory() ? ['700', 'use'] : ['600', 'read']
  const problems: Finding[] = []
  if ((mode & 0o077) !== 0) {
    const message = `${path} has the mode ${mode.toString(8).padStart(4, '0')}: other users may ${letters} it.`
    problems.push({ id: 'state.mode', severity: 'error', message, fix: `chmod ${right} ${path}` })
  }
  if (found.uid !== userId) {
    const message = `${path} belongs to user ${found.uid}, not to user ${userId}.`
    problems.push({ id: 'state.owner', severity: 'error', message, fix: `chown ${userId} ${path}` })
  }
  return problems
}
