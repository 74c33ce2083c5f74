import type { CommandContext } from './command-context.ts'
import type { GlobalFlags } from './global-flags.ts'

/** Milliseconds between two plain lines. */
const plainEveryMs = 5000
/** Milliseconds between two looks of a bar: more often nobody can see. */
const drawEveryMs = 100

/** What long work tells about itself while it goes on; never part of the data. */
export interface Progress {
  /** So many are done, all in all. Cheap: most calls print nothing. */
  update(done: number): void
  /** Ends it with a sentence about what was done. */
  finish(text: string): void
  /** Ends it without, because the work failed; the failure is told elsewhere. */
  stop(): void
}

/** What is counted. */
export interface ProgressOptions {
  /** What is being done: `Re-encrypting tokens.csv`. */
  readonly title: string
  /** How many there are; absent when nobody knows. */
  readonly total?: number | undefined
}

/**
 * A bar where standard error is a terminal, a line every five seconds elsewhere, as in CI; with `--quiet` neither.
 *
 * @param context - Where to print, and the clock.
 * @param flags - The command's.
 * @param options - What is counted.
 */
export async function startProgress(
  context: CommandContext,
  flags: GlobalFlags,
  options: ProgressOptions,
): Promise<Progress> {
  if (flags.quiet) return { update: () => undefined, finish: () => undefined, stop: () => undefined }
  const { stderr } = context.streams
  const canDraw = stderr.isTTY === true && !context.env['CI'] && context.env['TERM'] !== 'dumb'
  return canDraw ? drawnProgress(context, options) : plainProgress(context, options)
}

async function drawnProgress(context: CommandContext, { title, total }: ProgressOptions): Promise<Progress> {
  const { progress } = await import('@clack/prompts')
  // It is a terminal, as `isTTY` has said.
  const output = context.streams.stderr as NodeJS.WriteStream
  const bar = progress({ output, ...(total === undefined ? {} : { max: Math.max(total, 1) }) })
  bar.start(title)
  let [shown, drawnAt] = [0, context.now()]
  return {
    update(done) {
      if (context.now() - drawnAt < drawEveryMs) return
      bar.advance(done - shown, `${title}: ${countText(done, total)}`)
      ;[shown, drawnAt] = [done, context.now()]
    },
    finish: text => bar.stop(text),
    stop: () => bar.clear(),
  }
}

function plainProgress(context: CommandContext, { title, total }: ProgressOptions): Progress {
  const line = (text: string): unknown => context.streams.stderr.write(`${text}\n`)
  let printedAt = context.now()
  return {
    update(done) {
      if (context.now() - printedAt < plainEveryMs) return
      line(`${title}: ${countText(done, total)}`)
      printedAt = context.now()
    },
    finish: line,
    stop: () => undefined,
  }
}

function countText(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return `${done}`
  return `${done} of ${total} (${Math.floor((100 * done) / total)} %)`
}
