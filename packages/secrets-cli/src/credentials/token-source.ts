import { extname, resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'
import type { TokenFileFlags, TokenSource } from './credential-flags.ts'
import type { ContextChoice } from './row-context.ts'
import type { TokenColumn } from './sqlite-tokens.ts'
import type { TokenFile } from './token-record.ts'

const typesOfNames: Readonly<Record<string, TokenSource>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.db': 'sqlite',
  '.sqlite': 'sqlite',
  '.sqlite3': 'sqlite',
}

/** Where tokens are. */
export type TokenPlace =
  | { readonly kind: 'file'; readonly file: TokenFile }
  | { readonly kind: 'table'; readonly table: TokenColumn }

/**
 * Where the user says that tokens are.
 *
 * @param path - As it was typed.
 * @param cwd - What it starts from.
 * @throws CliError for flags that do not fit together.
 */
export function tokenPlace(path: string, cwd: string, flags: TokenFileFlags): TokenPlace {
  const type = flags.type ?? typesOfNames[extname(path).toLowerCase()]
  if (type === undefined) {
    throw usage(`What kind of file ${path} is cannot be told from its name.`, 'Say so: --type ndjson, csv or sqlite.')
  }
  const full = resolve(cwd, path)
  if (type !== 'sqlite') {
    if (flags.table !== undefined) throw usage('--table is for SQLite databases.', 'Leave it out.')
    return { kind: 'file', file: { path: full, type, member: flags.column, delimiter: delimiterOf(path, flags) } }
  }
  if (flags.table === undefined) throw usage('The table of an SQLite database has to be named.', 'Add --table NAME.')
  return { kind: 'table', table: { path: full, table: flags.table, column: flags.column } }
}

/**
 * What the user says that tokens are bound to.
 *
 * @throws CliError for what is no pair.
 */
export function contextChoice({ context = [], contextFrom = [] }: Partial<TokenFileFlags>): ContextChoice {
  return { fixed: pairs('--context', context), members: pairs('--context-from', contextFrom) }
}

function delimiterOf(
  path: string,
  { delimiter = path.toLowerCase().endsWith('.tsv') ? '\t' : ',' }: TokenFileFlags,
): string {
  if (/^[^"\r\n]$/.test(delimiter)) return delimiter
  throw usage('--delimiter has to be one character, and neither a quote nor a line break.')
}

function pairs(flag: string, given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map(pair => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? []
      if (name === undefined || value === undefined) throw usage(`${flag} takes a name, =, and a text.`)
      return [name, value] as const
    }),
  )
}

function usage(message: string, hint?: string): CliError {
  return new CliError(exitCodes.usage, message, hint)
}
