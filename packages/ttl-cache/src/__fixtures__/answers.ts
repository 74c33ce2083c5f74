import { describeEnding } from './cache-model.ts'

/** The answer, or the name of the error. */
export function attempt(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error instanceof Error ? error.name : error
  }
}

/** What came of a call of getOrSetAsync, as text. */
export async function describeAnswer(answer: Promise<number | null | undefined>): Promise<string> {
  const [result] = await Promise.allSettled([answer])
  return describeEnding(result.status === 'fulfilled' ? result : { error: result.reason })
}

/** Lets everything happen that needs no time. */
export async function drain(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}
