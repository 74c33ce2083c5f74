import { buildCommand, buildRouteMap, type Command, type RouteMap } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { ExportAuditFlags } from './export-audit.ts'
import { countFlag, serverFlags, textFlag } from './server-flags.ts'
import type { VerifyAuditFlags } from './verify-audit.ts'

const verifyCommand: Command<CommandContext> = buildCommand<VerifyAuditFlags, [], CommandContext>({
  loader: async () => withContext((await import('./verify-audit.ts')).verifyAudit),
  parameters: {
    flags: {
      ...serverFlags,
      from: countFlag('Number of the first entry to check'),
      to: countFlag('Number of the last entry to check'),
      receipt: textFlag('An earlier export of the whole log as NDJSON, which the log must still hold', 'path'),
    },
    aliases: globalAliases,
  },
  docs: { brief: 'Server: check that the audit log is as it was written' },
})

const exportCommand: Command<CommandContext> = buildCommand<ExportAuditFlags, [], CommandContext>({
  loader: async () => withContext((await import('./export-audit.ts')).exportAudit),
  parameters: {
    flags: {
      ...serverFlags,
      format: { kind: 'enum', brief: 'Form of the log', values: ['ndjson', 'csv'], default: 'ndjson' },
      output: textFlag('New file to write to (default: standard output)', 'path'),
      type: textFlag('Only these types, or beginnings of types with a dot: auth.,user.created', 'types'),
      outcome: {
        kind: 'enum',
        brief: 'Only what was done, or was refused',
        values: ['done', 'refused'],
        optional: true,
      },
      actor: countFlag('Only what the user of this id did'),
      since: textFlag('Only from this moment on: 2026-01-31T12:00:00Z', 'moment'),
      until: textFlag('Only before this moment', 'moment'),
      text: textFlag('Only with this text in it', 'text'),
    },
    aliases: globalAliases,
  },
  docs: {
    brief: 'Server: write the audit log, oldest first',
    fullDescription:
      'The whole log as NDJSON ends with a receipt: without it the export has failed. Keep it for `audit verify --receipt`.',
  },
})

/** `st-secrets audit …`. */
export const auditRoutes: RouteMap<CommandContext> = buildRouteMap<string, CommandContext>({
  routes: { verify: verifyCommand, export: exportCommand },
  docs: { brief: 'Audit log of a running server: verify and export it' },
})
