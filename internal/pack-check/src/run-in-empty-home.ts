import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsumerProject } from './consumer-project.ts'
import { type CommandResult, runCommand } from './run-command.ts'

/** Runs Node in a project, with an empty home folder, the given variables and nothing of the machine's. */
export async function runInEmptyHome(
  { root, node }: Pick<ConsumerProject, 'root' | 'node'>,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const home = join(root, 'home')
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home)
  return runCommand(node, args, { cwd: root, env: { HOME: home, ...environment } })
}
