import { readFileSync } from 'node:fs'
import { type Application, buildApplication, buildRouteMap } from '@stricli/core'
import type { CommandContext } from './command-context.ts'
import { completeCommand } from './completion/complete.command.ts'
import { completionCommand } from './completion/completion.command.ts'
import { deleteCommand } from './commands/delete.command.ts'
import { exportCommand } from './commands/export.command.ts'
import { explainCommand } from './commands/explain.command.ts'
import { getCommand } from './commands/get.command.ts'
import { initCommand } from './commands/init.command.ts'
import { listCommand } from './commands/list.command.ts'
import { runCommand } from './commands/run.command.ts'
import { setCommand } from './commands/set.command.ts'
import { credentialsRoutes } from './credentials/credentials.routes.ts'
import { doctorCommand } from './doctor/doctor.command.ts'
import { scanCommand } from './scan/scan.command.ts'
import { auditRoutes } from './server/audit.routes.ts'
import { backUpCommand, restoreBackupCommand } from './server/backup.command.ts'
import { cacheRoutes } from './server/cache.routes.ts'
import { rotateServerKeyCommand } from './server/rotate-server-key.command.ts'
import { applicationText } from './application-text.ts'

/** What {@link buildCommandLine} is told. */
export interface CommandLineOptions {
  /** Gets every failure, in the order in which they happen; the first is the one to tell. */
  readonly onFailure: (error: unknown) => void
  /** Whether help may be coloured. */
  readonly hasColor: boolean
}

/** All commands. What a command does is loaded when it runs; see any `*.command.ts`. */
export function buildCommandLine({ onFailure, hasColor }: CommandLineOptions): Application<CommandContext> {
  const routes = buildRouteMap<string, CommandContext>({
    routes: {
      get: getCommand,
      set: setCommand,
      delete: deleteCommand,
      list: listCommand,
      explain: explainCommand,
      doctor: doctorCommand,
      scan: scanCommand,
      credentials: credentialsRoutes,
      cache: cacheRoutes,
      audit: auditRoutes,
      rotateKey: rotateServerKeyCommand,
      backup: backUpCommand,
      restore: restoreBackupCommand,
      run: runCommand,
      export: exportCommand,
      init: initCommand,
      completion: completionCommand,
      complete: completeCommand,
    },
    docs: {
      brief: 'Secrets from many places: environment, files, AWS Secrets Manager, HashiCorp Vault',
      hideRoute: { complete: true },
    },
  })
  return buildApplication(routes, {
    name: 'st-secrets',
    versionInfo: { getCurrentVersion: ownVersion },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: !hasColor },
    localization: { text: applicationText(onFailure) },
    determineExitCode: () => 1,
  })
}

/** The folder above this one is the package, built or not. */
async function ownVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  // Our own manifest.
  return (manifest as { readonly version: string }).version
}
