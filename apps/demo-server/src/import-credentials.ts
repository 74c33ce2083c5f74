import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  createCredentialCipher,
  type CredentialCipher,
  CredentialError,
  type CredentialKeySource,
} from '@st/credential-crypto'
import { createRedactor } from '@st/secrets-core/redactor'
import type { ImportCommand } from './command-line.ts'
import { importSimpleTunerCredentials, type ImportReport, type ImportSkip } from './credentials/import-simpletuner.ts'
import { openFoundations } from './open-foundations.ts'
import { Refusal } from './refusal.ts'
import { composeServices } from './services.ts'
import { StartError, startErrorOf } from './start-error.ts'

/**
 * Takes over the credentials of a SimpleTuner; a server may be running meanwhile. A command and no request: whoever may
 * read both files may run it, and nobody else can make the server open files of this machine.
 *
 * @returns What to print.
 * @throws StartError
 */
export async function importCredentials({ path, keyFile }: Omit<ImportCommand, 'run'>): Promise<string> {
  const keys = keyFile === undefined ? keysOfSimpleTuner(process.env) : [{ keyFile }]
  await using foundations = await openFoundations(createRedactor())
  const { writes, key: ciphers } = composeServices(foundations)
  // Without a key of SimpleTuner, only what is stored in plaintext can be read.
  const cipher = keys.length === 0 ? ciphers.cipher : await cipherOf(keys)
  try {
    const actor = { name: 'command line' }
    return describe(await importSimpleTunerCredentials({ writes, ciphers }, { path, cipher, actor }))
  } catch (error) {
    if (error instanceof Refusal) throw new StartError(`${path}: ${error.message}`)
    throw error
  }
}

/** Where SimpleTuner keeps its key. */
function keysOfSimpleTuner(env: Readonly<Record<string, string | undefined>>): readonly CredentialKeySource[] {
  const secret = env['SIMPLETUNER_CREDENTIAL_KEY']
  const keyFile = join(homedir(), '.simpletuner', 'credential.key')
  return [...(secret ? [{ secret }] : []), ...(existsSync(keyFile) ? [{ keyFile }] : [])]
}

async function cipherOf(keys: readonly CredentialKeySource[]): Promise<CredentialCipher> {
  try {
    return await createCredentialCipher({ keys })
  } catch (error) {
    if (!CredentialError.isInstance(error)) throw error
    throw startErrorOf(error)
  }
}

function describe({ imported, plaintext, skipped }: ImportReport): string {
  const lines = skipped.map(({ id, reason }) => `  row ${id}: ${reasons[reason]}\n`)
  const left = skipped.length === 0 ? '' : `\nLeft out:\n\n${lines.join('')}`
  return `Credentials imported: ${imported}, of which stored in plaintext before: ${plaintext}.${left}`
}

const reasons: Readonly<Record<ImportSkip, string>> = {
  no_such_user: 'there is no user of this name here; make one and import again',
  exists: 'there is such a credential already, which stays as it is',
  undecryptable: 'it does not decrypt; give the key file of that SimpleTuner with --import-key',
  invalid: 'its name or value breaks a rule',
}
