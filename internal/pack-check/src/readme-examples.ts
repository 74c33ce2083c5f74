import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsumerProject } from './consumer-project.ts'
import { runInEmptyHome } from './run-in-empty-home.ts'
import { typeCheck } from './type-check.ts'

/** Every `ts` block of the installed README passes the type check and runs to its end, each as a module of its own. */
export async function readmeExamples(
  project: ConsumerProject,
  environment: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { root, subject } = project
  const readme = join(root, 'node_modules', subject, 'README.md')
  const blocks = existsSync(readme) ? typescriptBlocks(readFileSync(readme, 'utf8')) : []
  if (blocks.length === 0) return ['README.md has no ```ts block']
  const files = blocks.map(({ line }) => `readme-line-${line}.ts`)
  for (const [index, file] of files.entries()) writeFileSync(join(root, file), blocks[index]?.text ?? '')
  const faults = [...typeCheck(root, files, 'node').faults]
  for (const file of files) faults.push(...(await runExample(project, file, environment)))
  return faults
}

/** The `ts` blocks of a Markdown text, with the line that each begins on. */
export function typescriptBlocks(markdown: string): readonly { readonly line: number; readonly text: string }[] {
  return [...markdown.matchAll(/^```ts\n([^]*?)^```$/gm)].map(match => ({
    line: markdown.slice(0, match.index).split('\n').length + 1,
    text: match[1] ?? '',
  }))
}

async function runExample(
  project: ConsumerProject,
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { code, output } = await runInEmptyHome(project, [file], environment)
  return code === 0 ? [] : [`${file}: ends with ${code}\n${output}`]
}
