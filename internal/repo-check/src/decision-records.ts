import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from './repository.ts'

const folder = 'docs/decisions'
const sections = ['## Context', '## Decision', '## Consequences']

/** Every decision record has a number of its own, a title, a date, and says why, what and what follows. */
export function decisionRecords({ root }: Repository): readonly string[] {
  const files = existsSync(join(root, folder)) ? readdirSync(join(root, folder)).toSorted() : []
  if (files.length === 0) return [`${folder} is empty`]
  const numbers = files.map(file => file.slice(0, 4))
  return [
    ...(new Set(numbers).size === numbers.length ? [] : [`${folder}: two records have the same number`]),
    ...files.flatMap(file =>
      recordFaults(file, readFileSync(join(root, folder, file), 'utf8')).map(fault => `${folder}/${file}: ${fault}`),
    ),
  ]
}

function recordFaults(file: string, text: string): readonly string[] {
  const positions = sections.map(section => text.indexOf(`\n${section}\n`))
  return [
    ...(/^\d{4}-[a-z0-9-]+\.md$/.test(file) ? [] : ['is not named NNNN-title.md']),
    ...(text.startsWith(`# ${file.slice(0, 4)} `) ? [] : ['does not open with its number and title']),
    ...(/^(?:Accepted|Superseded by \d{4}), \d{4}-\d{2}-\d{2}\.$/m.test(text) ? [] : ['has no status and date']),
    ...(positions.every((position, index) => position > (positions[index - 1] ?? 0))
      ? []
      : [`does not have ${sections.join(', ')} in this order`]),
  ]
}
