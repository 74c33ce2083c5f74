import { buildRouteMap, type RouteMap } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { decryptCommand, encryptCommand } from './crypt.command.ts'
import { exportCredentialsCommand } from './export.command.ts'
import { rotateKeyCommand } from './rotate-key.command.ts'

/** `st-secrets credentials …`. */
export const credentialsRoutes: RouteMap<CommandContext> = buildRouteMap<string, CommandContext>({
  routes: {
    encrypt: encryptCommand,
    decrypt: decryptCommand,
    rotateKey: rotateKeyCommand,
    export: exportCredentialsCommand,
  },
  docs: { brief: 'Stored credentials: encrypt, decrypt, change the key, export' },
})
