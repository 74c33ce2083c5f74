import type { OpenedManager } from './open-manager.ts'

/** Lends a manager that is being opened, and closes it: `await using`, which the oldest Node that is promised cannot read. */
export async function withManager<R>(
  opening: Promise<OpenedManager>,
  use: (opened: OpenedManager) => Promise<R>,
): Promise<R> {
  const opened = await opening
  try {
    return await use(opened)
  } finally {
    await opened[Symbol.asyncDispose]()
  }
}
