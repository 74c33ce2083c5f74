import {
  AliasNotFoundError,
  type ApplicationText,
  ArgumentParseError,
  EnumValidationError,
  FlagNotFoundError,
  InvalidNegatedFlagSyntaxError,
  text_en,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  UnsatisfiedPositionalError,
} from '@stricli/core'
import { CliError } from './cli-error.ts'
import { exitCodes } from './exit-codes.ts'

/**
 * The parser's texts, with its failures handed to `onFailure` and none of its words about them printed: they quote what
 * was typed, which may be a secret in the wrong place.
 */
export function applicationText(onFailure: (error: unknown) => void): ApplicationText {
  const hand = (error: unknown): string => {
    onFailure(error)
    return ''
  }
  return {
    ...text_en,
    exceptionWhileParsingArguments: error => hand(usageError(describeArgumentError(error))),
    noCommandRegisteredForInput: ({ input, corrections }) =>
      hand(usageError(`There is no command "${input}".`, nearest(nearestCommands(input, corrections)))),
    exceptionWhileLoadingCommandFunction: hand,
    exceptionWhileLoadingCommandContext: hand,
    exceptionWhileRunningCommand: hand,
    exceptionWhileRunningIntegrationFlag: ({ exception }) => hand(exception),
    exceptionWhileRunningIntegrationHook: ({ exception }) => hand(exception),
    commandErrorResult: hand,
  }
}

function usageError(message: string, hint = 'See st-secrets --help, or --help behind the command.'): CliError {
  return new CliError(exitCodes.usage, message, hint)
}

/** Elsewhere `help` and `version` are commands; of the commands here, by letters, `delete` would be the nearest. */
function nearestCommands(input: string, corrections: readonly string[]): readonly string[] {
  if (input === 'help' || input === 'version') return [`--${input}`]
  return corrections.map(name => name.replaceAll('`', ''))
}

function nearest(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `Did you mean ${names.join(' or ')}?`
}

function describeArgumentError(error: unknown): string {
  if (error instanceof FlagNotFoundError) {
    const hint = nearest(error.corrections.map(asFlag))
    return `There is no flag --${error.input}.${hint === undefined ? '' : ` ${hint}`}`
  }
  if (error instanceof AliasNotFoundError) return `There is no flag -${error.input}.`
  return describeValueError(error) ?? describePositionalError(error)
}

function asFlag(name: string): string {
  const flag = name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  return flag.startsWith('-') ? flag : `--${flag}`
}

function describeValueError(error: unknown): string | undefined {
  if (error instanceof ArgumentParseError) {
    const why = error.exception instanceof SyntaxError ? `: ${error.exception.message}` : ''
    return `What is given for ${error.externalFlagNameOrPlaceholder} cannot be used${why}.`
  }
  if (error instanceof EnumValidationError) {
    return `--${error.externalFlagName} must be one of ${error.values.join(', ')}.`
  }
  if (error instanceof UnexpectedFlagError || error instanceof UnsatisfiedFlagError) {
    return `--${error.externalFlagName} needs a value.`
  }
  if (error instanceof InvalidNegatedFlagSyntaxError) return `--${error.externalFlagName} takes no value.`
  return undefined
}

function describePositionalError(error: unknown): string {
  if (error instanceof UnsatisfiedPositionalError) return `${error.placeholder.toUpperCase()} is missing.`
  if (error instanceof UnexpectedPositionalError) {
    const { expectedCount } = error
    return `There are too many arguments: ${expectedCount === 0 ? 'none is' : `${expectedCount} are`} expected.`
  }
  return 'The arguments cannot be understood.'
}
