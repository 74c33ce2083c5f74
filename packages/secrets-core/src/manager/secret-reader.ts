import type { ReadOptions } from './manager-options.ts'

/** What code that only reads should ask for; {@link SecretsManager} is one, and so is an object literal in a test. */
export interface SecretReader {
  /** The value, else `fallback`. */
  get(key: string, fallback: string, options?: ReadOptions): Promise<string>
  /** The value, else the fallback, else `undefined`. */
  get(key: string, fallbackOrOptions?: string | ReadOptions, options?: ReadOptions): Promise<string | undefined>
  /** The value; throws {@link SecretMissingError} or {@link SecretUnresolvedError}. */
  require(key: string, options?: ReadOptions): Promise<string>
}

/** Values by their keys; `undefined` where there is none. */
export type SecretValues<K extends readonly string[]> = { readonly [P in K[number]]: string | undefined }

/** Values by their keys. */
export type RequiredValues<K extends readonly string[]> = { readonly [P in K[number]]: string }
