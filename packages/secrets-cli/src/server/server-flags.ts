import type { FlagParametersForType, TypedFlagParameter, TypedPositionalParameter } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { type GlobalFlags, globalFlags } from '../global-flags.ts'

/** Flags of every command that speaks to a server. */
export interface ServerFlags extends GlobalFlags {
  /** Address; absent = `ST_SERVER`. */
  readonly server?: string
  /** File of the API token; absent = `ST_TOKEN`. */
  readonly tokenFile?: string
}

/** The same for the parser. */
export const serverFlags: FlagParametersForType<ServerFlags, CommandContext> = {
  ...globalFlags,
  timeout: {
    ...globalFlags.timeout,
    brief: 'Seconds for an answer of the server (default: 30, or any for what is long)',
  },
  server: textFlag('Address of the server (default: ST_SERVER)', 'url'),
  tokenFile: textFlag('File of an API token (default: the token in ST_TOKEN)', 'path'),
}

/** Goes on without being asked. */
export const yesFlag: TypedFlagParameter<boolean, CommandContext> = switchFlag('Do it without asking')

/** Whose credentials. */
export const userFlag: TypedFlagParameter<number | undefined, CommandContext> = {
  kind: 'parsed',
  brief: 'Id of the user whose they are, for administrators (default: the owner of the token)',
  parse: parseCount,
  placeholder: 'id',
  optional: true,
}

/** A flag that is there or not. */
export function switchFlag(brief: string): TypedFlagParameter<boolean, CommandContext> {
  return { kind: 'boolean', brief, default: false, withNegated: false }
}

/** A flag with text. */
export function textFlag(brief: string, placeholder: string): TypedFlagParameter<string | undefined, CommandContext> {
  return { kind: 'parsed', brief, parse: String, placeholder, optional: true }
}

/** A flag with a whole number from 1 on. */
export function countFlag(brief: string): TypedFlagParameter<number | undefined, CommandContext> {
  return { kind: 'parsed', brief, parse: parseCount, placeholder: 'number', optional: true }
}

/** An argument that becomes a part of an address. */
export function nameParameter(brief: string, placeholder: string): TypedPositionalParameter<string, CommandContext> {
  return { brief, placeholder, parse: parseName }
}

/** The server has no such names; in an address they would be steps to another one (RFC 3986 §5.2.4). */
function parseName(input: string): string {
  if (input !== '' && input !== '.' && input !== '..') return input
  throw new SyntaxError('it is empty, or a dot or two')
}

function parseCount(input: string): number {
  const count = Number(input)
  if (/^\d{1,15}$/.test(input) && count > 0) return count
  throw new SyntaxError('it must be a whole number from 1 on')
}
