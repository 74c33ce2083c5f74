import type { Explanation, SecretsManager } from '@st/secrets-core'
import { keyMatcher } from '@st/secrets-core/config'
import { CliError } from './cli-error.ts'
import { exitCodes } from './exit-codes.ts'
import { exitCodeOfKind } from './failure-report.ts'
import { printable } from './printable.ts'

/** A key with its value. */
export interface SelectedSecret {
  readonly key: string
  readonly value: string
}

/**
 * The secrets that are handed on: those of all listed keys, else those that `only` names.
 *
 * A name without `*` is asked of every provider and must exist; others choose among what is listed. A provider that could
 * not be asked is a failure, because whoever gets the secrets would lack some without knowing.
 */
export async function selectedSecrets(
  manager: SecretsManager,
  only: readonly string[] | undefined,
): Promise<readonly SelectedSecret[]> {
  const exact = (only ?? []).filter(name => !name.includes('*'))
  const { keys, failed } = await manager.list({ include: exact })
  const [failure] = failed
  if (failure !== undefined) {
    const { provider, kind, message, hint } = failure
    throw new CliError(exitCodeOfKind(kind), `${provider} could not be asked for its keys: ${message}`, hint)
  }
  const isWanted = only === undefined ? () => true : keyMatcher(only)
  const wanted = keys.filter(({ key }) => isWanted(key))
  refuseMissing(wanted)
  const names = wanted.map(({ key }) => key)
  const values = await manager.getMany(names)
  return Promise.all(names.map(async key => ({ key, value: values[key] ?? (await manager.require(key)) })))
}

function refuseMissing(wanted: readonly Explanation[]): void {
  const missing = wanted.filter(({ status }) => status === 'missing').map(({ key }) => printable(key))
  if (missing.length === 0) return
  throw new CliError(
    exitCodes.notFound,
    `Nobody has ${missing.join(', ')}.`,
    `st-secrets explain ${missing[0]} shows what each provider answers.`,
  )
}
