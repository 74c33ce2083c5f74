import { createRedactor } from '@st/secrets-core/redactor'
import { openFoundations } from './open-foundations.ts'
import { Refusal } from './refusal.ts'
import { composeServices } from './services.ts'
import { StartError } from './start-error.ts'

/**
 * Makes a token that sets a new password for the first administrator; a server may be running meanwhile.
 *
 * @returns What to print.
 * @throws StartError
 */
export async function resetAdministrator(): Promise<string> {
  await using foundations = await openFoundations(createRedactor())
  const { oneTimeTokens } = composeServices(foundations)
  try {
    const { secret, expiresAt } = await oneTimeTokens.reset()
    return `One-time token for a new password, until ${expiresAt}; enter it on the server's page:\n\n  ${secret}\n`
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new StartError('There is no administrator yet: start the server, which prints a token to make one.')
  }
}
