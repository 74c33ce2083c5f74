import type { FlagParametersForType } from '@stricli/core'
import type { CommandContext } from './command-context.ts'

/** Flags that every command has. */
export interface GlobalFlags {
  /** Data as JSON. */
  readonly json: boolean
  /** No messages but warnings and failures. */
  readonly quiet: boolean
  /** Colours, where the terminal and the environment allow them. */
  readonly color: boolean
  /** Seconds for the whole of what providers are asked; absent = what the configuration says. */
  readonly timeout?: number
  /** Configuration file; absent = that of the current folder, if there is one. */
  readonly config?: string
}

/** The same for the parser: spread it into a command's `flags`. */
export const globalFlags: FlagParametersForType<GlobalFlags, CommandContext> = {
  json: { kind: 'boolean', brief: 'Print data as JSON', default: false, withNegated: false },
  quiet: { kind: 'boolean', brief: 'Print no messages but warnings and failures', default: false, withNegated: false },
  color: { kind: 'boolean', brief: 'Use colours where the terminal has them', default: true },
  timeout: {
    kind: 'parsed',
    brief: 'Seconds that all providers have together',
    parse: parseSeconds,
    placeholder: 'seconds',
    optional: true,
  },
  config: {
    kind: 'parsed',
    brief: 'Configuration file (default: st-secrets.config.{ts,mjs,json} of this folder)',
    parse: String,
    placeholder: 'path',
    optional: true,
  },
}

/** Aliases of {@link globalFlags}. */
export const globalAliases: { readonly q: 'quiet' } = { q: 'quiet' }

/** A number of seconds above 0; a month at most, which is less than the longest timer. */
function parseSeconds(input: string): number {
  const seconds = Number(input)
  if (input.trim() !== '' && seconds > 0 && seconds <= 2_000_000) return seconds
  throw new SyntaxError('it must be a number of seconds above 0')
}
