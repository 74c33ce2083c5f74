import type { CommandContext } from '../command-context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { members, optional, type Shape, text, truth } from './answer-shape.ts'
import { credentialsPath } from './credential-view.ts'
import { serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Flags of `credentials validate`. */
export interface ValidateCredentialFlags extends ServerFlags {
  readonly user?: number
}

interface Verdict {
  readonly valid: boolean
  readonly outcome: string
  readonly account: string | null
  readonly reason: string | null
  readonly source: string | null
  readonly secretProvider: string | null
}

const verdictShape: Shape<Verdict> = members<Verdict>({
  valid: truth,
  outcome: text,
  account: optional(text),
  reason: optional(text),
  source: optional(text),
  secretProvider: optional(text),
})

/** What is not known is not taken for valid. */
const exitCodeOfOutcome: Readonly<Record<string, ExitCode>> = {
  invalid: exitCodes.refused,
  missing: exitCodes.notFound,
}

const sentences: Readonly<Record<string, string>> = {
  valid: 'is accepted',
  invalid: 'is refused',
  missing: 'is not there, neither as an own credential nor as a global one',
  unsupported: 'cannot be checked: the server does not know how to ask this provider',
}

/** Has a server ask the provider whether it accepts the credential that is used: the user's own, else the global one. */
export async function validateCredential(
  context: CommandContext,
  flags: ValidateCredentialFlags,
  ...[provider, name]: readonly [provider: string, name: string]
): Promise<void> {
  const output = context.output(flags)
  const client = await serverClient(context, flags)
  const request = { method: 'POST', path: credentialsPath(flags.user, 'validate'), body: { provider, name } } as const
  const verdict = await client.ask(request, verdictShape)
  if (output.isJson) await output.json({ provider, name, ...verdict })
  else await output.data(`${printable(provider)} ${printable(name)}: ${sentenceOf(verdict)}\n`)
  if (!verdict.valid) context.process.exitCode = exitCodeOfOutcome[verdict.outcome] ?? exitCodes.unavailable
}

function sentenceOf({ valid, outcome, account, reason, source }: Verdict): string {
  const said =
    (valid ? sentences['valid'] : sentences[outcome]) ?? `could not be checked (${printable(reason ?? outcome)})`
  const details = [
    ...(source === null ? [] : [source === 'user' ? 'own credential' : `${printable(source)} credential`]),
    ...(account === null ? [] : [`account ${printable(account)}`]),
  ]
  return details.length === 0 ? said : `${said} (${details.join(', ')})`
}
