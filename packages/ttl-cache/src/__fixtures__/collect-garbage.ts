import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Frees all memory that nothing holds any more. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  // A WeakRef keeps its target alive until the turn of the event loop in which it was made is over.
  await new Promise(resolve => setImmediate(resolve))
  collect()
}
