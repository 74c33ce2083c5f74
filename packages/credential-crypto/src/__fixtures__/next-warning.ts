import { once } from 'node:events'

/** The next process warning, which is not printed then. */
export async function nextWarning(): Promise<Error & { readonly code?: string }> {
  const printing = process.listeners('warning')
  process.removeAllListeners('warning')
  try {
    const [warning]: unknown[] = await once(process, 'warning')
    // Node emits `warning` with an error, which carries the code it was given.
    return warning as Error & { readonly code?: string }
  } finally {
    for (const listener of printing) process.on('warning', listener)
  }
}
