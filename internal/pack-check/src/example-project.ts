import { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installTogether } from './consumer-project.ts'
import { readWorkspacePackage, workspaceDependencies } from './workspace-package.ts'

/**
 * Installs in `root` what the examples in a folder use: the packages of this workspace as they are published, and
 * everything else where the workspace has it, so that no registry is asked for it again.
 */
export async function installForExamples(root: string, folder: string): Promise<void> {
  const examples = readWorkspacePackage(folder)
  const published = workspaceDependencies(examples)
  await installTogether(root, published)
  const installed = published.map(({ name }) => name)
  for (const name of [...examples.dependencies, ...examples.devDependencies]) {
    if (!installed.includes(name)) link(join(folder, 'node_modules', name), join(root, 'node_modules', name))
  }
}

function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  symlinkSync(realpathSync(from), to)
}
