import type { CommandContext } from '../command-context.ts'
import { withManager } from '../with-manager.ts'

/** Keys that begin with what is typed, for completion: names only, at most a second, and nothing when anything fails. */
export async function proposeKeys(context: CommandContext, partial: string): Promise<readonly string[]> {
  try {
    return await withManager(
      context.openManager({ json: false, quiet: true, color: false, timeout: 1 }),
      async opened => {
        const { keys } = await opened.manager.list({ prefix: partial })
        return keys.map(({ key }) => key)
      },
    )
  } catch {
    return []
  }
}
