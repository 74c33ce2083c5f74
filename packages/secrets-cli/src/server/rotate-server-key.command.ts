import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { RotateServerKeyFlags } from './rotate-server-key.ts'
import { serverFlags, switchFlag } from './server-flags.ts'

/** `st-secrets rotate-key`. */
export const rotateServerKeyCommand: Command<CommandContext> = buildCommand<RotateServerKeyFlags, [], CommandContext>({
  loader: async () => withContext((await import('./rotate-server-key.ts')).rotateServerKey),
  parameters: {
    flags: {
      ...serverFlags,
      status: switchFlag('Only say which key there is, and how far its change has come'),
      pause: switchFlag('Pause the change that is going on'),
      resume: switchFlag('Go on with the change that was paused'),
      wait: { kind: 'boolean', brief: 'Wait until everything is encrypted anew', default: true },
    },
    aliases: globalAliases,
  },
  docs: {
    brief: 'Server: change the key of its credentials, and wait until it is done',
    fullDescription:
      'The server does it while it goes on answering, and also without this program: Ctrl-C only ends the waiting. For files of tokens see credentials rotate-key.',
  },
})
