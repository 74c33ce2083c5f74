// Run in a package's folder, after its build. Packs it, installs the tarball alone in an empty project with npm, and
// uses it there. ST_NODE names another Node to run the project's programs with.
import { rmSync } from 'node:fs'
import { withBackend } from './backends.ts'
import { createProjectFolder, installAlone } from './consumer-project.ts'
import { installedFiles } from './installed-files.ts'
import { loadedPackages } from './loaded-packages.ts'
import { moduleSystems } from './module-systems.ts'
import { readmeExamples } from './readme-examples.ts'
import { smokeTests } from './smoke-tests.ts'
import { readWorkspacePackage, workspaceDependencies } from './workspace-package.ts'

const subject = readWorkspacePackage(process.cwd())
const siblings = workspaceDependencies(subject)
const root = createProjectFolder()
try {
  await installAlone(root, subject, siblings)
  const project = {
    root,
    subject: subject.name,
    siblings: siblings.map(({ name }) => name),
    node: process.env['ST_NODE'] ?? process.execPath,
  }
  const faults = [
    ...installedFiles(project),
    ...(await moduleSystems(project)),
    ...(await loadedPackages(project)),
    ...(await smokeTests(project)),
    ...(await withBackend(subject.name, environment => readmeExamples(project, environment))),
  ]
  for (const fault of faults) console.error(`${subject.name}, packed and installed alone: ${fault}`)
  process.exitCode = faults.length > 0 ? 1 : 0
} finally {
  rmSync(root, { recursive: true, force: true })
}
