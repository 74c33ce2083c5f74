import type { SecretProvider } from '@st/secrets-core'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'

/** Name of the provider that is written to: the named one, else the first that can. */
export function writerOf(
  providers: readonly SecretProvider[],
  method: 'setSecret' | 'deleteSecret',
  name: string | undefined,
): string {
  const writers = providers.filter(one => one[method] !== undefined).map(one => one.name)
  const writer = name === undefined ? writers[0] : writers.find(one => one === name)
  if (writer !== undefined) return writer
  throw new CliError(
    exitCodes.usage,
    name === undefined ? 'No provider can store secrets.' : `There is no provider "${name}" that can store secrets.`,
    writers.length > 0 ? `There are: ${writers.join(', ')}.` : 'Configure one that can, such as "file".',
  )
}
