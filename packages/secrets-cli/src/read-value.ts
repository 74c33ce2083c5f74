import type { CommandContext } from './command-context.ts'
import { CliError } from './cli-error.ts'
import { exitCodes } from './exit-codes.ts'
import { Interruption } from './interruption.ts'

/** Larger than any secret that a provider takes. */
const maxBytes = 1_048_576

/** How {@link readValue} asks. */
export interface ReadValueOptions {
  /** What is asked for: `Value of HF_TOKEN`. */
  readonly prompt: string
  /** Keeps a line break at the end of what is piped in. Default: one is dropped, as editors and `echo` put it there. */
  readonly isExact?: boolean
  /** Whether nothing is an answer too. Default: it is refused. */
  readonly mayBeEmpty?: boolean
}

/** A value from standard input: asked for without showing it where that is a terminal, else all of it, which is UTF-8. */
export async function readValue(context: CommandContext, options: ReadValueOptions): Promise<string> {
  const value = context.isInteractive ? await ask(context, options) : await readAll(context, options)
  if (value !== '' || options.mayBeEmpty === true) return value
  throw new CliError(exitCodes.usage, 'There is no value.', 'Pipe it in, or run the command in a terminal and type it.')
}

async function ask({ streams }: CommandContext, { prompt }: ReadValueOptions): Promise<string> {
  const { isCancel, password } = await import('@clack/prompts')
  // Standard streams of a process are both; only in tests they are others.
  const input = streams.stdin as NodeJS.ReadStream
  // The same; the prompt is a message, and a mark for each character would tell how many there are.
  const answer = await password({ message: prompt, mask: '', input, output: streams.stderr as NodeJS.WriteStream })
  if (isCancel(answer)) throw new Interruption()
  return answer
}

async function readAll({ streams: { stdin } }: CommandContext, { isExact }: ReadValueOptions): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > maxBytes) throw new CliError(exitCodes.unusable, 'The value is larger than 1 MiB.')
    chunks.push(bytes)
  }
  const text = decoded(Buffer.concat(chunks))
  return isExact === true ? text : text.replace(/\r?\n$/, '')
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new CliError(exitCodes.unusable, 'The value is not UTF-8.', 'Encode it first, for example with base64.')
  }
}
