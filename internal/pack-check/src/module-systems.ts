import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsumerProject } from './consumer-project.ts'
import { entriesOf } from './entries.ts'
import { runCommand } from './run-command.ts'
import { typeCheck } from './type-check.ts'

/** The package works from TypeScript, ES modules and CommonJS, with the names that its types declare. */
export async function moduleSystems(project: ConsumerProject): Promise<readonly string[]> {
  const entries = entriesOf(project, project.subject)
  // A program has nothing to import.
  if (entries.length === 0) return []
  const sources = {
    'consumer.mts': typescriptModule(entries),
    'consumer.cts': typescriptCommonJs(entries),
    'names.mjs': esModule(entries),
    'names.cjs': commonJs(entries),
  }
  for (const [file, text] of Object.entries(sources)) writeFileSync(join(project.root, file), text)
  const node = typeCheck(project.root, ['consumer.mts', 'consumer.cts'], 'node')
  const web = typeCheck(project.root, ['consumer.mts', 'consumer.cts'], 'web')
  const declared = entries.map(entry => node.exportedValues(entry))
  return [
    ...node.faults.map(fault => `TypeScript: ${fault}`),
    ...web.faults.map(fault => `TypeScript without @types/node: ${fault}`),
    ...entries.filter((_, index) => declared[index]?.length === 0).map(entry => `${entry} declares no value`),
    ...(await namesFound(project, ['names.mjs'], declared)),
    ...(await namesFound(project, ['names.cjs'], declared)),
    // A consumer may have a condition of that name for its own sources.
    ...(await namesFound(project, ['--conditions=@st/source', 'names.mjs'], declared)),
  ]
}

function typescriptModule(entries: readonly string[]): string {
  return entries.map((entry, index) => `import * as entry${index} from '${entry}'\nexport { entry${index} }\n`).join('')
}

function typescriptCommonJs(entries: readonly string[]): string {
  const requires = entries.map((entry, index) => `import entry${index} = require('${entry}')\n`)
  return `${requires.join('')}export = [${entries.map((_, index) => `entry${index}`).join(', ')}]\n`
}

function esModule(entries: readonly string[]): string {
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}'\n`)
  return `${imports.join('')}${printNames(entries.map((_, index) => `entry${index}`))}`
}

function commonJs(entries: readonly string[]): string {
  return printNames(entries.map(entry => `require('${entry}')`))
}

function printNames(modules: readonly string[]): string {
  return `console.log(JSON.stringify([${modules.join(', ')}].map(entry => Object.keys(entry).sort())))\n`
}

async function namesFound(
  { root, node }: ConsumerProject,
  args: readonly string[],
  declared: readonly (readonly string[])[],
): Promise<readonly string[]> {
  const { code, stdout, output } = await runCommand(node, args, { cwd: root, env: {} })
  if (code !== 0) return [`node ${args.join(' ')}: ends with ${code}\n${output}`]
  const expected = JSON.stringify(declared)
  const found = stdout.trim()
  return found === expected ? [] : [`node ${args.join(' ')}: found ${found}, where the types declare ${expected}`]
}
