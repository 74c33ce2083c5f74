import { resolve } from 'node:path'
import type { CommandContext } from '../command-context.ts'
import { mask } from '../mask.ts'
import { readValue } from '../read-value.ts'
import type { CredentialFlags } from './credential-flags.ts'
import { cipherOf, encryptingCipher, type KeyChoice, type TokenFormat } from './credential-keys.ts'
import { contextChoice } from './token-source.ts'

/** Flags of `credentials encrypt`. */
export interface EncryptFlags extends CredentialFlags {
  readonly format: TokenFormat
}

/** Flags of `credentials decrypt`. */
export interface DecryptFlags extends CredentialFlags {
  readonly reveal: boolean
}

/** Prints the token of the credential that comes in. */
export async function encrypt(context: CommandContext, flags: EncryptFlags): Promise<void> {
  const output = context.output(flags)
  const { fixed } = contextChoice(flags)
  const cipher = await encryptingCipher(keyOf(flags, context.cwd), flags.format)
  const token = cipher.encrypt(await readValue(context, { prompt: 'Credential' }), fixed)
  if (output.isJson) await output.json({ token, keyFingerprint: cipher.keyFingerprint })
  else await output.data(`${token}\n`)
}

/** Prints the credential of the token that comes in; on a terminal only when asked to. */
export async function decrypt(context: CommandContext, flags: DecryptFlags): Promise<void> {
  const output = context.output(flags)
  const { fixed } = contextChoice(flags)
  const cipher = await cipherOf([keyOf(flags, context.cwd)], 'v1')
  const credential = cipher.decrypt(await readValue(context, { prompt: 'Token' }), fixed)
  const isMasked = output.isTerminal && !flags.reveal
  const value = isMasked ? mask : credential
  if (output.isJson) await output.json({ value, masked: isMasked })
  else await output.data(`${value}\n`)
  if (isMasked) await output.message('Hidden, because context is a terminal; --reveal shows it.')
}

function keyOf({ keyFile, salt }: CredentialFlags, cwd: string): KeyChoice {
  return { keyFile: keyFile === undefined ? undefined : resolve(cwd, keyFile), salt }
}
