import type { TypedFlagParameter, TypedPositionalParameter } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'

/** The key of a secret. */
export const keyParameter: TypedPositionalParameter<string, CommandContext> = {
  brief: 'Key of the secret',
  placeholder: 'key',
  parse: parseKey,
  async proposeCompletions(partial) {
    const { proposeKeys } = await import('./propose-keys.ts')
    return proposeKeys(this, partial)
  },
}

/** Shows values on a terminal. */
export const revealFlag: TypedFlagParameter<boolean, CommandContext> = {
  kind: 'boolean',
  brief: 'Show values on a terminal, too',
  default: false,
  withNegated: false,
}

/** One provider instead of all. */
export const providerFlag: TypedFlagParameter<string | undefined, CommandContext> = {
  kind: 'parsed',
  brief: 'Name of the only provider to ask',
  parse: String,
  placeholder: 'name',
  optional: true,
}

/** Some keys instead of all. */
export const onlyFlag: TypedFlagParameter<readonly string[] | undefined, CommandContext> = {
  kind: 'parsed',
  brief: 'Only these keys, separated by commas; * stands for any characters',
  parse: parseKey,
  placeholder: 'keys',
  variadic: ',',
  optional: true,
}

function parseKey(input: string): string {
  if (input !== '') return input
  throw new SyntaxError('it is empty')
}
