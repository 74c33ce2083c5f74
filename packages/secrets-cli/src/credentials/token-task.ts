import type { CommandContext } from '../command-context.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { interruptible } from '../interruptible.ts'
import type { Output } from '../output.ts'
import { type Progress, startProgress } from '../progress.ts'
import type { OnProgress, TokenProblem, TokenProgress } from './token-report.ts'

/** What a task gets to tell its progress and to hear that it is to stop. */
export interface TokenTask {
  /** Is told how far it has come. */
  readonly onProgress: OnProgress
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal
}

const titles: Readonly<Record<TokenProgress['phase'], string>> = {
  checking: 'Checking',
  rewriting: 'Re-encrypting',
  verifying: 'Verifying',
  exporting: 'Exporting',
}

/**
 * Runs a task with its progress on standard error. Ctrl-C ends it where nothing is half-written.
 */
export async function runTokenTask<T>(
  context: CommandContext,
  flags: GlobalFlags,
  task: (use: TokenTask) => Promise<T>,
): Promise<T> {
  const bars = new PhaseBars(context, flags)
  try {
    return await interruptible(async signal => task({ onProgress: progress => bars.update(progress), signal }))
  } finally {
    await bars.end()
  }
}

/** A bar for each phase, one after the other. */
class PhaseBars {
  readonly #context: CommandContext
  readonly #flags: GlobalFlags
  #phase: TokenProgress['phase'] | undefined
  #bar: Promise<Progress> | undefined

  constructor(context: CommandContext, flags: GlobalFlags) {
    this.#context = context
    this.#flags = flags
  }

  update({ phase, done, total }: TokenProgress): void {
    if (phase !== this.#phase) {
      this.#bar = this.#next(phase, total, this.#bar)
      this.#phase = phase
    }
    void this.#show(done)
  }

  async end(): Promise<void> {
    const bar = await this.#bar
    bar?.stop()
  }

  async #next(phase: TokenProgress['phase'], total: number, last: Promise<Progress> | undefined): Promise<Progress> {
    const bar = await last
    bar?.stop()
    return startProgress(this.#context, this.#flags, { title: titles[phase], total })
  }

  async #show(done: number): Promise<void> {
    const bar = await this.#bar
    bar?.update(done)
  }
}

/** As many are named; the rest is counted. */
const namedProblems = 20

/** Names the records whose tokens could not be used, by their places. */
export async function tellProblems(problems: readonly TokenProblem[], output: Output): Promise<void> {
  for (const { place, kind } of problems.slice(0, namedProblems)) await output.failure(`${place}: ${kind}`)
  const rest = problems.length - namedProblems
  if (rest > 0) await output.failure(`and ${rest} more`)
}
