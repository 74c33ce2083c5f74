import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { ExportFlags } from './export.ts'
import { onlyFlag, revealFlag } from './parameters.ts'

/** `st-secrets export`. */
export const exportCommand: Command<CommandContext> = buildCommand<ExportFlags, [], CommandContext>({
  loader: async () => withContext((await import('./export.ts')).exportSecrets),
  parameters: {
    flags: {
      ...globalFlags,
      format: {
        kind: 'enum',
        brief: 'env for .env files, shell to be sourced, docker for --env-file, k8s for a manifest; --json means json',
        values: ['json', 'env', 'shell', 'docker', 'k8s'],
        default: 'env',
      },
      only: onlyFlag,
      name: {
        kind: 'parsed',
        brief: 'Name of the Kubernetes secret',
        parse: parseKubernetesName,
        placeholder: 'name',
        default: 'secrets',
      },
      reveal: revealFlag,
    },
    aliases: { ...globalAliases, f: 'format' },
  },
  docs: {
    brief: 'Print secrets for other programs',
    customUsage: [
      '--format shell',
      { input: "--format k8s --only 'DB_*'", brief: 'some of them, for kubectl apply -f -' },
    ],
  },
})

/** RFC 1123 subdomain, as Kubernetes names its objects. */
function parseKubernetesName(input: string): string {
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(input) && input.length <= 253)
    return input
  throw new SyntaxError('it must be lower-case letters, digits, "-" and "."')
}
