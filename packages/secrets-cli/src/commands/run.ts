import { createRedactor } from '@st/secrets-core/redactor'
import type { CommandContext, Environment } from '../command-context.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { type SecretVariable, secretVariables } from '../secret-variables.ts'
import { selectedSecrets } from '../selected-secrets.ts'
import { runChild } from './run-child.ts'
import { withManager } from '../with-manager.ts'

/** Flags of `run`. */
export interface RunFlags extends GlobalFlags {
  readonly only?: readonly string[]
  readonly inherit: boolean
  readonly redact: boolean
}

/** What a command cannot do without; the rest of the environment is for `--inherit`. */
const always: readonly string[] = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TERM', 'TZ', 'TMPDIR']
const alwaysOnWindows: readonly string[] = ['SystemRoot', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP', 'USERPROFILE']

/** Runs a command with the secrets in its environment, and ends as it ends. */
export async function run(context: CommandContext, flags: RunFlags, ...words: readonly string[]): Promise<void> {
  const output = context.output(flags)
  const variables = await readVariables(context, flags)
  const redactor = flags.redact ? createRedactor() : undefined
  for (const { key, value } of variables) redactor?.protect(value, key)
  if (redactor !== undefined && redactor.skipped > 0) {
    await output.warning(`${redactor.skipped} values are too short to be redacted: choose longer ones.`)
  }
  const env = {
    ...baseEnvironment(context.env, flags),
    ...Object.fromEntries(variables.map(one => [one.name, one.value])),
  }
  context.process.exitCode = await runChild(context, { words, env, redactor })
}

/** The providers are closed before the command starts: it may run for months. */
async function readVariables(context: CommandContext, flags: RunFlags): Promise<readonly SecretVariable[]> {
  return withManager(context.openManager(flags), async opened => {
    return secretVariables(await selectedSecrets(opened.manager, flags.only))
  })
}

function baseEnvironment(env: Environment, { inherit }: RunFlags): Environment {
  if (inherit) return env
  return Object.fromEntries([...always, ...alwaysOnWindows].flatMap(name => (name in env ? [[name, env[name]]] : [])))
}
