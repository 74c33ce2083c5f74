import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Repository } from './repository.ts'

const folder = '.github/workflows'

/** Workflows start without any permission and run actions by full commit, with the version in a comment. */
export function workflowPins({ root }: Repository): readonly string[] {
  const files = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []
  if (files.length === 0) return [`${folder} is empty`]
  return files.flatMap(file => {
    const text = readFileSync(join(root, folder, file), 'utf8')
    return [...permissionFaults(text), ...pinFaults(text)].map(fault => `${folder}/${file}: ${fault}`)
  })
}

function permissionFaults(text: string): readonly string[] {
  const workflow: unknown = parse(text)
  const permissions = Object.entries(workflow ?? {}).find(([key]) => key === 'permissions')?.[1] as unknown
  return JSON.stringify(permissions) === '{}' ? [] : ['does not say "permissions: {}" before its jobs']
}

function pinFaults(text: string): readonly string[] {
  return [...text.matchAll(/uses:\s*(.+)$/gm)]
    .map(match => match[1] ?? '')
    .filter(used => !/^[\w./-]+@[0-9a-f]{40} # v\d/.test(used))
    .map(used => `${used} is not pinned to a commit with its version beside it`)
}
