import { setTimeout as delay } from 'node:timers/promises'

/** Long enough for what was aborted to end, short enough for a suite. */
const aftermathMs = 20

/** How many rejections nobody has handled while the function ran, and shortly after. */
export async function unhandledRejectionsWhile(run: () => Promise<void>): Promise<number> {
  let count = 0
  const listener = (): void => void (count += 1)
  process.on('unhandledRejection', listener)
  try {
    await run()
    await delay(aftermathMs)
    return count
  } finally {
    process.off('unhandledRejection', listener)
  }
}
