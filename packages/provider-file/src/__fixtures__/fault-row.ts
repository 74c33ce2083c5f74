import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import type { SecretErrorKind } from '@st/secrets-core/provider'
import type { FileSecretProviderOptions } from '../file-secret-provider.ts'

/** A state of the file, and what the provider makes of it. */
export interface FaultRow {
  readonly name: string
  /** Name of the file in its directory. Default: `'secrets.json'`. */
  readonly file?: string
  /** Makes the state. */
  readonly arrange: (filePath: string) => unknown
  /** What reading `TOKEN` gives: a value, `undefined`, or the kind of the error. */
  readonly read: { readonly value: string | undefined } | SecretErrorKind
  /** What comes of setting `TOKEN`. */
  readonly set: 'stored' | SecretErrorKind
  /** What removing `TOKEN` answers. */
  readonly remove: boolean | SecretErrorKind
  /** No other key has to survive a change. */
  readonly holdsNothingElse?: true
  readonly options?: FileSecretProviderOptions
  /** Root may open everything. */
  readonly isUnprivileged?: true
}

/** What the file holds in both languages, unless the row is about something else. */
export const json = '{\n  "TOKEN": "old",\n  "OTHER": "kept"\n}\n'
/** The same. */
export const yaml = 'TOKEN: old\nOTHER: kept\n'

type Outcomes = Pick<FaultRow, 'read' | 'set' | 'remove' | 'holdsNothingElse'>

/** The file is read and written as any other. */
export const works: Outcomes = { read: { value: 'old' }, set: 'stored', remove: true }
/** There is no file yet. */
export const isAbsent: Outcomes = { read: { value: undefined }, set: 'stored', remove: false, holdsNothingElse: true }

/** Everything fails alike. */
export function fails(kind: SecretErrorKind): Outcomes {
  return { read: kind, set: kind, remove: kind }
}

/** The file can be read, and no more. */
export function readsOnly(kind: SecretErrorKind): Outcomes {
  return { ...works, set: kind, remove: kind }
}

/** A file with this content. */
export function holding(content: string | Uint8Array, mode: number = 0o600): FaultRow['arrange'] {
  return filePath => {
    writeFileSync(filePath, content)
    chmodSync(filePath, mode)
  }
}

/** A symbolic link in place of the file. */
export function link(target: string): FaultRow['arrange'] {
  return filePath => symlinkSync(target, filePath)
}
