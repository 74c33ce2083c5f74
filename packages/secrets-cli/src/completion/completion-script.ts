/** Shells that completion works in. */
export type ShellName = 'bash' | 'zsh' | 'fish' | 'powershell'

/**
 * What a shell is to run so that it completes. Each asks `st-secrets complete` and takes its lines as they are: what was
 * typed is never evaluated, and neither are the proposals.
 */
export function completionScript(shell: ShellName): string {
  return scripts[shell]
}

const bash = String.raw`# bash completion for st-secrets
_st_secrets() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("${'$'}{line%%$'\t'*}")
  done < <(st-secrets complete -- "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _st_secrets st-secrets
`

const zsh = String.raw`#compdef st-secrets
# zsh completion for st-secrets
_st_secrets() {
  local line
  local -a proposals
  while IFS= read -r line; do
    proposals+=("${'$'}{${'$'}{line%%$'\t'*}//:/\\:}:${'$'}{line#*$'\t'}")
  done < <(st-secrets complete -- "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null)
  if (( ${'$'}{#proposals} )); then _describe st-secrets proposals; else _files; fi
}
compdef _st_secrets st-secrets
`

const fish = String.raw`# fish completion for st-secrets
function __st_secrets_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    st-secrets complete -- $words[2..-1] "$current" 2>/dev/null
end
complete -c st-secrets -f -a '(__st_secrets_complete)'
complete -c st-secrets -F -n 'contains -- -- (commandline -opc)'
`

const powershell = String.raw`# PowerShell completion for st-secrets
Register-ArgumentCompleter -Native -CommandName st-secrets -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { "$_" })
  # An empty last argument does not reach programs from every version of PowerShell.
  $lines = if ($wordToComplete -eq '') { st-secrets complete --empty '--' @words } else { st-secrets complete '--' @words }
  $lines | ForEach-Object {
    $value, $text = $_ -split [char]9, 2
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', ($text, $value -ne '')[0])
  }
}
`

const scripts: Readonly<Record<ShellName, string>> = { bash, zsh, fish, powershell }
