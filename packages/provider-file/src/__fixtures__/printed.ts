import { inspect } from 'node:util'

/** Everything of an error that a log may show. */
export function printed(error: unknown): string {
  const { message, stack } = error as Error
  return [message, stack, inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)].join('\n')
}
