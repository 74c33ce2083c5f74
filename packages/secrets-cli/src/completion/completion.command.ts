import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { type GlobalFlags, globalAliases, globalFlags } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { ShellName } from './completion-script.ts'

const shells: readonly ShellName[] = ['bash', 'zsh', 'fish', 'powershell']

/** `st-secrets completion SHELL`. */
export const completionCommand: Command<CommandContext> = buildCommand<GlobalFlags, [ShellName], CommandContext>({
  loader: async () => withContext((await import('./completion.ts')).completion),
  parameters: {
    flags: globalFlags,
    aliases: globalAliases,
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: shells.join(', '), placeholder: 'shell', parse: parseShell, proposeCompletions: () => shells },
      ],
    },
  },
  docs: {
    brief: 'Print what makes a shell complete commands, flags and keys',
    customUsage: [
      { input: 'bash >>~/.bashrc', brief: 'bash' },
      { input: 'zsh >>~/.zshrc', brief: 'zsh, behind compinit' },
      { input: 'fish >~/.config/fish/completions/st-secrets.fish', brief: 'fish' },
      { input: 'powershell >>$PROFILE', brief: 'PowerShell' },
    ],
  },
})

function parseShell(input: string): ShellName {
  const shell = shells.find(one => one === input)
  if (shell !== undefined) return shell
  throw new SyntaxError(`it must be one of ${shells.join(', ')}`)
}
