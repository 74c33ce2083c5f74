import { access } from 'node:fs/promises'
import { createCredentialCipher, CredentialError } from '@st/credential-crypto'
import type { Environment } from '../command-context.ts'
import type { DoctorCheck } from './doctor-check.ts'

const subject = 'credential key'
const variable = 'SIMPLETUNER_CREDENTIAL_KEY'

/** Where the key of stored credentials comes from, and whether it can be used. Makes none. */
export async function credentialKeyChecks(
  env: Environment,
  keyFile: string | undefined,
): Promise<readonly DoctorCheck[]> {
  const hasFile = keyFile !== undefined && (await exists(keyFile))
  const value = env[variable]
  if (value) return [variableCheck(value), ...(hasFile ? [unusedFile(keyFile)] : [])]
  if (hasFile) return [await fileCheck(keyFile)]
  const message =
    'There is none yet. The first credential that is encrypted makes one in ~/.simpletuner/credential.key.'
  return [{ id: 'credential_key.none', status: 'ok', subject, message }]
}

function variableCheck(value: string): DoctorCheck {
  if (value === value.trim()) {
    return { id: 'credential_key.variable', status: 'ok', subject, message: `It is taken from ${variable}.` }
  }
  const message = `It is taken from ${variable}, which begins or ends with white space: that is part of the key.`
  const fix = 'Leave it so if credentials are encrypted with it already; they do not decrypt without.'
  return { id: 'credential_key.white_space', status: 'warning', subject, message, fix }
}

function unusedFile(path: string): DoctorCheck {
  const message = `The key in ${path} is not used, because ${variable} is set.`
  return { id: 'credential_key.unused_file', status: 'ok', subject, message }
}

async function fileCheck(keyFile: string): Promise<DoctorCheck> {
  try {
    const { keyFingerprint } = await createCredentialCipher({ keys: [{ keyFile }] })
    const message = `It is taken from ${keyFile}, which only its owner may read. Fingerprint: ${keyFingerprint}.`
    return { id: 'credential_key.file', status: 'ok', subject, message }
  } catch (error) {
    if (!CredentialError.isInstance(error)) throw error
    const { detail = 'refused', message, hint } = error
    return { id: `credential_key.${detail}`, status: 'failed', subject, message: `${message}.`, fix: hint }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
