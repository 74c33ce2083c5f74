import type { CommandContext } from './command-context.ts'

/** What a command does. */
export type CommandAction<F, A extends readonly unknown[]> = (
  context: CommandContext,
  flags: F,
  ...args: A
) => Promise<void>

/** The same as the parser calls it, which hands the context over as `this`. */
export function withContext<F, A extends readonly unknown[]>(
  action: CommandAction<F, A>,
): (this: CommandContext, flags: F, ...args: A) => Promise<void> {
  return async function (flags, ...args) {
    await action(this, flags, ...args)
  }
}
