// Run in the folder of the examples, after the build of every package. Packs the packages, installs the tarballs together in
// an empty project with npm, and type-checks and runs the examples there. ST_NODE names another Node to run them with.
import { rmSync } from 'node:fs'
import { createProjectFolder } from './consumer-project.ts'
import { exampleFiles } from './example-files.ts'
import { installForExamples } from './example-project.ts'
import { exampleRuns } from './example-runs.ts'

const folder = process.cwd()
const root = createProjectFolder()
try {
  await installForExamples(root, folder)
  const node = process.env['ST_NODE'] ?? process.execPath
  const faults = [...exampleFiles(folder), ...(await exampleRuns({ root, node }, folder))]
  for (const fault of faults) console.error(`examples: ${fault}`)
  process.exitCode = faults.length > 0 ? 1 : 0
} finally {
  rmSync(root, { recursive: true, force: true })
}
