import { jsonFormat } from './json-format.ts'
import { yamlFormat } from './yaml-format.ts'
import { loadYaml } from './yaml-library.ts'

/** What a text holds. */
export interface ParsedSecrets {
  /** Every key that holds text, a number or a boolean, as it is written. */
  readonly values: ReadonlyMap<string, string>
  /** Every key that holds something else, with what it holds. */
  readonly unusable: ReadonlyMap<string, string>
  /** Every key that is there more than once. */
  readonly duplicates: ReadonlySet<string>
}

/**
 * A way to write secrets down. Both edits leave every other key, value and comment as it is written; JSON, which has no
 * comments, is laid out with one key a line.
 */
export interface SecretsFormat {
  /** Name of the language. */
  readonly language: string
  /**
   * Reads every key; of duplicate keys the last one counts.
   *
   * @throws TextFault when the text cannot be read.
   */
  readonly parse: (text: string) => ParsedSecrets
  /** The text with this key holding this value; `undefined` stands for a file that does not exist. */
  readonly withValue: (text: string | undefined, key: string, value: string) => string
  /** The text without this key. */
  readonly withoutKey: (text: string, key: string) => string
}

/** The format of a file: YAML for `.yaml` and `.yml` in any case, JSON for everything else (R20). */
export function formatOf(filePath: string): SecretsFormat {
  return /\.ya?ml$/i.test(filePath) ? yamlFormat : jsonFormat
}

/** Loads what {@link formatOf} needs to parse, which it would else do itself, where bundlers do not see it. */
export async function loadParserOf(filePath: string): Promise<void> {
  if (formatOf(filePath) === yamlFormat) await loadYaml()
}
