import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { ConsumerProject } from './consumer-project.ts'
import { sourceFiles } from './example-files.ts'
import { runInEmptyHome } from './run-in-empty-home.ts'
import { typeCheck } from './type-check.ts'

/**
 * The examples in a folder pass the type check of a project, and their tests pass there, each in a process of its own. They
 * are compiled first, as a user's program is: what Node does not know yet, decorators and `await using`, is lowered.
 */
export async function exampleRuns(
  project: Pick<ConsumerProject, 'root' | 'node'>,
  folder: string,
): Promise<readonly string[]> {
  const { root } = project
  const files = sourceFiles(folder)
  mkdirSync(join(root, 'compiled'))
  for (const file of files) {
    cpSync(join(folder, file), join(root, 'examples', file))
    writeFileSync(join(root, 'compiled', file.replace(/ts$/, 'js')), compiled(readFileSync(join(folder, file), 'utf8')))
  }
  const checked = typeCheck(
    root,
    files.map(file => `examples/${file}`),
    'node',
  )
  const faults = [...checked.faults]
  for (const file of files.filter(name => name.endsWith('.test.ts'))) faults.push(...(await runTests(project, file)))
  return faults
}

function compiled(text: string): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  })
  return outputText
}

async function runTests(project: Pick<ConsumerProject, 'root' | 'node'>, file: string): Promise<readonly string[]> {
  const program = `compiled/${file.replace(/ts$/, 'js')}`
  const { code, stdout, output } = await runInEmptyHome(project, ['--test-reporter=tap', program])
  if (code !== 0) return [`${file}: ends with ${code}\n${output}`]
  const [, passed, skipped, todo] = /^# pass (\d+)[^]*^# skipped (\d+)\n# todo (\d+)$/m.exec(stdout) ?? []
  // Node ends with 0 also where no test was found, or none was run.
  return Number(passed) > 0 && skipped === '0' && todo === '0' ? [] : [`${file}: not every test ran\n${output}`]
}
