import { join } from 'node:path'
import type { CredentialKeySource } from '@st/credential-crypto'
import { EnvironmentKeys } from './environment-keys.ts'
import { KeyFiles } from './key-files.ts'

/** The keys that there are. */
export interface KeyPair {
  readonly current: CredentialKeySource
  /** The one that is to take its place. */
  readonly next?: CredentialKeySource
}

/** Where the key of the credentials comes from. */
export interface KeySource {
  /** Whether backups can hold the key: one in the environment is kept by whoever set it. */
  readonly kind: 'file' | 'environment'
  /** The keys as they are now; `undefined` where there is none. */
  read(): Promise<KeyPair | undefined>
  /** Makes the first key, unless there is one. */
  create(): Promise<void>
  /**
   * Sees to it that there is a next key.
   *
   * @throws Refusal `NO_NEXT_KEY` where only whoever runs the server can give one.
   */
  prepareNext(): Promise<void>
  /** Makes the next key the only one, where that is not left to whoever runs the server. */
  promoteNext(): Promise<void>
  /** Does something while no other process prepares or promotes a key. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
}

/** The environment where it holds a key, else files in this folder. */
export function keySourceOf(env: Readonly<Record<string, string | undefined>>, folder: string): KeySource {
  return env['SIMPLETUNER_CREDENTIAL_KEY'] ? new EnvironmentKeys(env) : new KeyFiles(join(folder, 'credential.key'))
}
