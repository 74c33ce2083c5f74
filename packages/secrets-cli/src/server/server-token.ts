import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { systemFailure } from '../system-failure.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ServerFlags } from './server-flags.ts'

/** Longer than any token, with line breaks. */
const maxBytes = 4096

/**
 * The API token: from the file that is named, else from `ST_TOKEN`. Never from the command line, which others can read.
 *
 * @throws {@link CliError} when there is none, or it cannot be one.
 */
export async function serverToken(context: CommandContext, flags: ServerFlags): Promise<string> {
  const { tokenFile } = flags
  if (tokenFile === undefined) return checked(context.env['ST_TOKEN'] ?? '', 'ST_TOKEN')
  const { text, isOpen } = await readToken(resolve(context.cwd, tokenFile), tokenFile)
  if (isOpen) await context.output(flags).warning(`Others can read ${tokenFile}; chmod 600 makes it yours alone.`)
  return checked(text, tokenFile)
}

interface TokenText {
  readonly text: string
  /** Whether others than its owner can read it. Files of the superuser are how containers are given secrets. */
  readonly isOpen: boolean
}

async function readToken(path: string, name: string): Promise<TokenText> {
  try {
    const file = await open(path)
    try {
      const bytes = Buffer.alloc(maxBytes)
      let length = 0
      for (let got = -1; got !== 0 && length < maxBytes; length += got) {
        got = (await file.read(bytes, length, maxBytes - length)).bytesRead
      }
      const { mode, uid } = await file.stat()
      const isOwn = uid === process.geteuid?.()
      return {
        text: bytes.toString('latin1', 0, length),
        isOpen: isOwn && (mode & 0o077) !== 0 && (mode & 0o170000) === 0o100000,
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw systemFailure(error, `Reading ${name}`)
  }
}

/** What is sent in a header: RFC 9110 has no other characters there, and a server takes none of more than 200. */
function checked(text: string, source: string): string {
  const token = text.trim()
  if (token === '') {
    const hint = 'Put one into ST_TOKEN, or name its file with --token-file. The page of the server makes one.'
    throw new CliError(exitCodes.usage, source === 'ST_TOKEN' ? 'There is no API token.' : `${source} is empty.`, hint)
  }
  if (/^[\x21-\x7E]{1,200}$/.test(token)) return token
  throw new CliError(exitCodes.unusable, `${source} holds no API token.`, 'It is one word of at most 200 characters.')
}
