import { createReadStream } from 'node:fs'
import { TextDecoder } from 'node:util'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { systemFailure } from '../system-failure.ts'

const chunkLength = 1 << 18

/** Is told how many bytes of a file were read so far. */
export type OnBytes = (bytes: number) => void

/**
 * The text of a file, piece by piece; a mark at its beginning is kept.
 *
 * @throws CliError when it cannot be read, or is not UTF-8.
 */
export async function* textChunks(path: string, onBytes?: OnBytes): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let bytes = 0
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: chunkLength }) as AsyncIterable<Buffer>) {
      yield decoder.decode(chunk, { stream: true })
      bytes += chunk.length
      onBytes?.(bytes)
    }
    yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError) throw notText(path)
    throw systemFailure(error, `Reading ${path}`)
  }
}

/** {@link textChunks} cut behind each line feed. */
export async function* textLines(path: string, onBytes?: OnBytes): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of textChunks(path, onBytes)) {
    const lines = chunk.split('\n')
    lines[0] = rest + (lines[0] ?? '')
    rest = lines.pop() ?? ''
    if (rest.length > longestRecord) throw recordTooLong(path)
    for (const line of lines) yield `${line}\n`
  }
  if (rest !== '') yield rest
}

/** Characters of one record at most; what is longer is no file of tokens. */
export const longestRecord: number = 1 << 22

/** The failure of a file with a record that is longer. */
export function recordTooLong(path: string): CliError {
  return new CliError(
    exitCodes.unusable,
    `${path} has a record of more than ${longestRecord} characters.`,
    'Is it a file of tokens?',
  )
}

function notText(path: string): CliError {
  return new CliError(
    exitCodes.unusable,
    `${path} is not UTF-8 text.`,
    'Convert it, or name the type of the file if it is a database.',
  )
}
