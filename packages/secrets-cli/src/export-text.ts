import { CliError } from './cli-error.ts'
import { exitCodes } from './exit-codes.ts'
import { printable } from './printable.ts'
import { type SecretVariable, secretVariables } from './secret-variables.ts'
import type { SelectedSecret } from './selected-secrets.ts'

/** Programs that secrets are written for. */
export type ExportFormat = 'json' | 'env' | 'shell' | 'docker' | 'k8s'

/** How {@link exportText} writes. */
export interface ExportOptions {
  readonly format: ExportFormat
  /** Name of the Kubernetes secret. */
  readonly name: string
}

/**
 * Secrets as another program reads them back, character by character.
 *
 * @throws {@link CliError} for a key or value that the format cannot carry; it names the key.
 */
export function exportText(secrets: readonly SelectedSecret[], { format, name }: ExportOptions): string {
  if (format === 'json') return `${JSON.stringify(byKey(secrets), null, 2)}\n`
  if (format === 'k8s') return kubernetesText(secrets, name)
  return secretVariables(secrets).map(lineWriters[format]).join('')
}

const lineWriters: Readonly<Record<'env' | 'shell' | 'docker', (variable: SecretVariable) => string>> = {
  env: environmentLine,
  shell: shellLine,
  docker: dockerLine,
}

/** Without a prototype, so that `__proto__` is a key. */
function byKey(secrets: readonly SelectedSecret[]): Readonly<Record<string, string>> {
  const members = Object.create(null) as Record<string, string>
  for (const { key, value } of secrets) members[key] = value
  return members
}

/** POSIX 2.2.2: between single quotes nothing is special but the quote itself. */
function shellLine({ name, value }: SecretVariable): string {
  return `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`
}

/**
 * As Node's `--env-file` and the package dotenv read it. They know no escaped quote: the value is put in quotes that it
 * does not have. In double quotes `\n` is a line break to both, so that a backslash cannot stand there. dotenv makes
 * `\n` of each `\r`.
 */
function environmentLine({ key, name, value }: SecretVariable): string {
  if (value.includes('\r')) throw cannotCarry(key, '.env files cannot carry a carriage return')
  const quote = ["'", '`', '"'].find(one => !value.includes(one) && (one !== '"' || !value.includes('\\')))
  if (quote === undefined) throw cannotCarry(key, '.env files cannot carry a value with each kind of quote')
  return `${name}=${quote}${value}${quote}\n`
}

/** Docker reads lines of at most 64 KiB, takes the rest of each as it is, and drops one `\r` at its end. */
function dockerLine({ key, name, value }: SecretVariable): string {
  if (/\n|\r$/.test(value)) throw cannotCarry(key, "docker's --env-file cannot carry line breaks")
  const line = `${name}=${value}\n`
  if (Buffer.byteLength(line) >= 65_536) throw cannotCarry(key, "lines of docker's --env-file end at 64 KiB")
  return line
}

function kubernetesText(secrets: readonly SelectedSecret[], name: string): string {
  const data = secrets.map(({ key, value }) => {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key === '.' || key.startsWith('..')) {
      throw cannotCarry(key, 'keys of a Kubernetes secret are letters, digits, "-", "_" and "."')
    }
    if (!value.isWellFormed()) throw cannotCarry(key, 'the value is no text that UTF-8 can carry')
    // In quotes, because `NO` and `1.10` are no text in YAML without.
    return `  "${key}": ${Buffer.from(value).toString('base64')}\n`
  })
  const head = ['apiVersion: v1', 'kind: Secret', 'metadata:', `  name: "${name}"`, 'type: Opaque']
  return `${head.join('\n')}\ndata:${data.length === 0 ? ' {}' : ''}\n${data.join('')}`
}

function cannotCarry(key: string, why: string): CliError {
  return new CliError(
    exitCodes.unusable,
    `${printable(key)} cannot be exported so: ${why}.`,
    'Choose another --format, or other keys with --only.',
  )
}
