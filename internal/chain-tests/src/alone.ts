import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('../../../packages', import.meta.url))

/**
 * Evaluates an expression over `SecretsManager` in a project that has only these packages installed, and gives the value
 * as it comes through JSON.
 */
export function evaluateAlone(expression: string, installed: readonly string[]): unknown {
  const project = mkdtempSync(join(tmpdir(), 'st-alone-'))
  mkdirSync(join(project, 'node_modules/@st'), { recursive: true })
  for (const name of installed) {
    // Outside node_modules, where Node strips types; the links make the packages visible to each other and to nothing else.
    cpSync(join(packages, name), join(project, name), { recursive: true, filter: isSource })
    symlinkSync(join(project, name), join(project, 'node_modules/@st', name))
  }
  const program = join(project, 'main.mts')
  const code = `import { SecretsManager } from '@st/secrets-core'\nconsole.log(JSON.stringify(${expression}))`
  writeFileSync(program, code)
  // pnpm's launchers put the folder where it hoists every package, ours among them, on this path.
  const { NODE_PATH: _hoisted, ...env } = process.env
  const flags = ['--conditions=@st/source', '--disable-warning=ExperimentalWarning']
  const printed: unknown = JSON.parse(execFileSync(process.execPath, [...flags, program], { env, encoding: 'utf8' }))
  return printed
}

function isSource(path: string): boolean {
  return !/\/(node_modules|dist|temp|\.tsc|\.turbo)(\/|$)/.test(path)
}
