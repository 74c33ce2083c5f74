import { buildRouteMap, type RouteMap } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { decryptCommand, encryptCommand } from './crypt.command.ts'
import { exportCredentialsCommand } from './export.command.ts'
import { rotateKeyCommand } from './rotate-key.command.ts'
import {
  activateCredentialCommand,
  addCredentialCommand,
  deactivateCredentialCommand,
  listCredentialsCommand,
  revokeCredentialsCommand,
  validateCredentialCommand,
} from '../server/credentials.command.ts'

/** `st-secrets credentials …`. */
export const credentialsRoutes: RouteMap<CommandContext> = buildRouteMap<string, CommandContext>({
  routes: {
    encrypt: encryptCommand,
    decrypt: decryptCommand,
    rotateKey: rotateKeyCommand,
    export: exportCredentialsCommand,
    list: listCredentialsCommand,
    add: addCredentialCommand,
    revoke: revokeCredentialsCommand,
    activate: activateCredentialCommand,
    deactivate: deactivateCredentialCommand,
    validate: validateCredentialCommand,
  },
  docs: { brief: 'Stored credentials, in files of tokens or on a running server' },
})
