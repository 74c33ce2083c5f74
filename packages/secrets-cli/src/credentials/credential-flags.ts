import type { TypedFlagParameter } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import type { GlobalFlags } from '../global-flags.ts'
import type { TokenFormat } from './credential-keys.ts'

/** Flags of every command that reads or writes stored credentials. */
export interface CredentialFlags extends GlobalFlags {
  readonly keyFile?: string
  readonly salt?: string
  readonly context?: readonly string[]
}

/** Flags of commands about the tokens in a file. */
export interface TokenFileFlags extends CredentialFlags {
  readonly type?: TokenSource
  readonly column: string
  readonly table?: string
  readonly delimiter?: string
  readonly contextFrom?: readonly string[]
}

/** What tokens are in. */
export type TokenSource = 'ndjson' | 'csv' | 'sqlite'

type Flag<T> = TypedFlagParameter<T, CommandContext>

function text(brief: string, placeholder: string): Flag<string | undefined> {
  return { kind: 'parsed', brief, parse: String, placeholder, optional: true }
}

function texts(brief: string, placeholder: string): Flag<readonly string[] | undefined> {
  return { kind: 'parsed', brief, parse: String, placeholder, variadic: true, optional: true }
}

/** In which form tokens are written. */
export const formatFlag: Flag<TokenFormat> = {
  kind: 'enum',
  brief: "Form of tokens: v1 is SimpleTuner's, st2 is stronger and bound to its context",
  values: ['v1', 'st2'],
  default: 'v1',
}

/** File of a key, by what the key is for. */
export function keyFileFlag(brief: string): Flag<string | undefined> {
  return text(brief, 'path')
}

/** Salt of a key, by which key it is. */
export function saltFlag(brief: string): Flag<string | undefined> {
  return text(brief, 'base64')
}

/** What a credential belongs to. */
export const contextFlag: Flag<readonly string[] | undefined> = texts(
  'What st2 tokens are bound to; may be repeated',
  'name=text',
)

/** Which tokens of which file. */
export const tokenFileFlags: {
  readonly type: Flag<TokenSource | undefined>
  readonly column: Flag<string>
  readonly table: Flag<string | undefined>
  readonly delimiter: Flag<string | undefined>
  readonly contextFrom: Flag<readonly string[] | undefined>
} = {
  type: {
    kind: 'enum',
    brief: 'What the file is (default: by the end of its name)',
    values: ['ndjson', 'csv', 'sqlite'],
    optional: true,
  },
  column: {
    kind: 'parsed',
    brief: 'Member or column that holds the token',
    parse: String,
    placeholder: 'name',
    default: 'token',
  },
  table: text('Table of the SQLite database', 'name'),
  delimiter: text('Character between the columns of CSV (default: a comma)', 'character'),
  contextFrom: texts(
    'What st2 tokens are bound to, from another member or column of the record; may be repeated',
    'name=column',
  ),
}
