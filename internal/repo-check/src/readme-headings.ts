import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Member, Repository } from './repository.ts'

const order = [
  'Install',
  'Use',
  'Options',
  'What happens when…',
  'Errors',
  'Never logged',
  'Testing your code',
  'Differences from SimpleTuner',
]
const required = ['Install', 'Use']
const longest = 120

/** Every package's README opens with its name and has the same headings in the same order. */
export function readmeHeadings({ packages }: Repository): readonly string[] {
  return packages.flatMap(member => readmeFaults(member).map(fault => `${member.folder}/README.md: ${fault}`))
}

function readmeFaults({ path, manifest }: Member): readonly string[] {
  const file = join(path, 'README.md')
  if (!existsSync(file)) return ['is missing']
  const text = readFileSync(file, 'utf8')
  const prose = withoutCode(text)
  return [
    ...(prose.startsWith(`# ${manifest.name}\n\n`) ? [] : [`does not open with "# ${manifest.name}"`]),
    ...(/^npm install (.+)$/m.exec(text)?.[1]?.split(' ').includes(manifest.name)
      ? []
      : [`does not say "npm install ${manifest.name}"`]),
    ...headingFaults([...prose.matchAll(/^## (.+)$/gm)].map(match => match[1] ?? '')),
    ...(text.trimEnd().split('\n').length > longest ? [`is longer than ${longest} lines`] : []),
  ]
}

function headingFaults(headings: readonly string[]): readonly string[] {
  const known = headings.filter(heading => order.includes(heading))
  const sorted = known.toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
  return [
    ...required.filter(heading => !headings.includes(heading)).map(heading => `has no "## ${heading}"`),
    ...headings.filter(heading => !order.includes(heading)).map(heading => `"## ${heading}" is not a heading in use`),
    ...(known.join('|') === sorted.join('|') ? [] : [`the headings are not in the order ${sorted.join(', ')}`]),
    ...(new Set(known).size === known.length ? [] : ['a heading occurs twice']),
  ]
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```[^]*?^```$/gm, '')
}
