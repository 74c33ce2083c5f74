/** How a call ended. */
export type Outcome<T> =
  | { readonly status: 'answered'; readonly answer: T }
  | { readonly status: 'rejected'; readonly error: unknown }
  /** It threw instead of answering a promise. */
  | { readonly status: 'thrown' }
  /** It has not ended within the time given to it. */
  | { readonly status: 'pending' }

/** Seconds that a call may take, where the harness says nothing else. */
export const defaultPatience = 5

/** Makes a call and waits for its end, for so many seconds at the most. */
export async function outcomeOf<T>(call: () => Promise<T>, seconds: number = defaultPatience): Promise<Outcome<T>> {
  const patience = Promise.withResolvers<Outcome<T>>()
  const giveUp = setTimeout(() => patience.resolve({ status: 'pending' }), seconds * 1000)
  try {
    return await Promise.race([settled(call), patience.promise])
  } finally {
    clearTimeout(giveUp)
  }
}

async function settled<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  let pending: Promise<T>
  try {
    pending = call()
  } catch {
    return { status: 'thrown' }
  }
  try {
    return { status: 'answered', answer: await pending }
  } catch (error) {
    return { status: 'rejected', error }
  }
}
