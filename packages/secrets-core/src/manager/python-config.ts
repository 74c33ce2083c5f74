import type { StandardChainConfig } from './standard-chain.ts'

/**
 * The settings of SimpleTuner's `SecretsManager(config={...})`, such as `vault_url`, as ours (requirement R53).
 *
 * @throws TypeError for one that is not spelled in snake case; what is unknown otherwise, the manager refuses.
 */
export function fromPythonConfig(config: Readonly<Record<string, string | null | undefined>>): StandardChainConfig {
  const settings = Object.entries(config).map(([name, value]) => {
    if (!/^[a-z]+(_[a-z]+)*$/.test(name)) throw new TypeError(`"${name}" is not spelled like a Python setting.`)
    return [name.replace(/_[a-z]/g, letter => letter.charAt(1).toUpperCase()), value ?? undefined] as const
  })
  return Object.fromEntries(settings)
}
