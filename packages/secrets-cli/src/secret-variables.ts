import { CliError } from './cli-error.ts'
import { exitCodes } from './exit-codes.ts'
import { printable } from './printable.ts'
import type { SelectedSecret } from './selected-secrets.ts'

/** A secret as an environment variable. */
export interface SecretVariable extends SelectedSecret {
  /** Name of the variable that `@st/provider-env` reads the key from: `HF_TOKEN` for `hf-token`. */
  readonly name: string
}

/**
 * The secrets as variables.
 *
 * @throws {@link CliError} for a key that makes no name, two keys that make the same, and a value that no variable can hold.
 */
export function secretVariables(secrets: readonly SelectedSecret[]): readonly SecretVariable[] {
  const variables = secrets.map(({ key, value }) => ({ key, value, name: nameOf(key) }))
  for (const [index, { key, name, value }] of variables.entries()) {
    const twin = variables.slice(0, index).find(other => other.name === name)
    if (twin !== undefined) {
      throw unusable(`${printable(twin.key)} and ${printable(key)} are both the variable ${name}.`)
    }
    if (value.includes('\0')) throw unusable(`The value of ${printable(key)} has a null character.`)
    if (!value.isWellFormed()) throw unusable(`The value of ${printable(key)} is no text that UTF-8 can carry.`)
  }
  return variables
}

function nameOf(key: string): string {
  const name = key.toUpperCase().replaceAll(/[-.]/g, '_')
  if (/^[A-Z_][A-Z0-9_]*$/.test(name)) return name
  throw unusable(`The key "${printable(key)}" makes no name of a variable.`)
}

function unusable(message: string): CliError {
  return new CliError(exitCodes.unusable, message, 'Choose other keys with --only.')
}
