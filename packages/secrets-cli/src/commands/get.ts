import type { CommandContext } from '../command-context.ts'
import { environmentAnswer } from '../environment-answer.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { mask } from '../mask.ts'
import { withManager } from '../with-manager.ts'

/** Flags of `get`. */
export interface GetFlags extends GlobalFlags {
  readonly reveal: boolean
  readonly provider?: string
  readonly default?: string
  readonly noNewline: boolean
}

/** What `get --json` prints. */
interface GetDocument {
  readonly key: string
  /** `default`: nobody has it. */
  readonly status: 'found' | 'default'
  /** Name of the provider; `null` for the default. */
  readonly source: string | null
  /** Where the provider found it; `null` where it does not say. */
  readonly locator: string | null
  /** Version of the source; `null` where it has none. */
  readonly version: string | null
  readonly value: string
  /** Whether `value` is not the value, because somebody looks at the terminal. */
  readonly masked: boolean
}

/** Prints the value of one key; on a terminal only when asked to. */
export async function get(context: CommandContext, flags: GetFlags, key: string): Promise<void> {
  const output = context.output(flags)
  const document = (await fromEnvironment(context, flags, key)) ?? (await fromChain(context, flags, key))
  const isMasked = output.isTerminal && !flags.reveal
  const shown = { ...document, value: isMasked ? mask : document.value, masked: isMasked }
  if (output.isJson) await output.json(shown)
  else await output.data(flags.noNewline ? shown.value : `${shown.value}\n`)
  if (isMasked) await output.message('Hidden, because this is a terminal; --reveal shows it.')
}

type Answer = Omit<GetDocument, 'masked'>

async function fromEnvironment(context: CommandContext, flags: GetFlags, key: string): Promise<Answer | undefined> {
  if (flags.provider !== undefined) return undefined
  const answer = await environmentAnswer(context, flags, key)
  return answer && { key, status: 'found', version: null, ...answer }
}

async function fromChain(context: CommandContext, flags: GetFlags, key: string): Promise<Answer> {
  return withManager(context.openManager(flags, { provider: flags.provider }), async opened => {
    const resolution = await opened.manager.resolve(key)
    const { secret, trace } = resolution
    if (secret !== undefined) {
      const { locator = null } = trace.steps.find(({ outcome }) => outcome === 'hit') ?? {}
      const { source, version = null } = secret
      return { key, status: 'found', source, locator, version, value: secret.reveal() }
    }
    if (resolution.status === 'missing' && flags.default !== undefined) {
      return { key, status: 'default', source: null, locator: null, version: null, value: flags.default }
    }
    const { resolutionFailure } = await import('../resolution-failure.ts')
    throw resolutionFailure(resolution)
  })
}
