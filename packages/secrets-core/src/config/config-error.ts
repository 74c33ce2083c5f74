import { SecretError } from '../contract/secret-error.ts'

/** What is wrong with a configuration. Adding one is minor, removing one is major. */
export type ConfigProblem =
  /** The file that was named does not exist or cannot be read. */
  | 'config_missing'
  /** Several files are there, and none was named. */
  | 'config_ambiguous'
  /** It is no JSON, or no module that Node can load. */
  | 'config_malformed'
  /** It loads, and does not say what it should: an unknown member, a wrong type, two providers of one name. */
  | 'config_invalid'
  /** It names a provider whose package is not installed, or lacks what is named. */
  | 'config_not_installed'
  /** Others could have written it. */
  | 'config_insecure'

/**
 * The configuration cannot be used. Its kind is `not_configured`, `malformed` or `insecure`, {@link ConfigError.detail}
 * says more. What the file throws while it is loaded is told by its class and line only: it may hold anything.
 */
export class ConfigError extends SecretError {
  /** What is wrong. */
  declare readonly detail: ConfigProblem
  /** The file; the folder that was looked at where no file was chosen. */
  readonly path: string

  /**
   * @param problem - What is wrong.
   * @param path - The file or folder.
   * @param text - What to tell: what failed, and what to do about it.
   */
  constructor(problem: ConfigProblem, path: string, text: { readonly message: string; readonly hint?: string }) {
    super(kindOf(problem), `${path}: ${text.message}`, { detail: problem, hint: text.hint })
    this.name = 'ConfigError'
    this.path = path
  }

  /** Like `instanceof`, but also true when two copies of this package are installed. */
  static override isInstance(value: unknown): value is ConfigError {
    return SecretError.isInstance(value) && value.detail?.startsWith('config_') === true
  }
}

function kindOf(problem: ConfigProblem): 'not_configured' | 'malformed' | 'insecure' {
  if (problem === 'config_insecure') return 'insecure'
  return problem === 'config_malformed' || problem === 'config_invalid' ? 'malformed' : 'not_configured'
}
