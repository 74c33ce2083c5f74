import { statSync } from 'node:fs'
import { SecretError } from '@st/secrets-core/provider'
import type {
  DocumentLookup,
  ProviderContext,
  ProviderDescription,
  ProviderDocument,
  ProviderHealth,
  SecretProvider,
} from '@st/secrets-core/provider'
import { changeFile } from './change-file.ts'
import { checkedMaxBytes, checkedPath } from './checked-options.ts'
import { isSameMap } from './edited-text.ts'
import type { SecretEdit } from './edited-text.ts'
import type { FileContent, ReadingRules } from './file-content.ts'
import { octal } from './file-exposure.ts'
import type { InsecurePermissions } from './file-exposure.ts'
import { secretErrorOf } from './file-failure.ts'
import type { FileAction } from './file-failure.ts'
import { fileHealth } from './file-health.ts'
import { isSameState, readFileState, readFileStateSync } from './file-state.ts'
import type { FileState } from './file-state.ts'
import { readPrivateFile, readPrivateFileSync } from './private-file.ts'
import { defaultFilePath, expandedPath, isPresent } from './secrets-file-path.ts'
import { formatOf, loadParserOf } from './secrets-format.ts'
import { unlessAbsentSync } from './system-error.ts'

/** Options of {@link FileSecretProvider}. */
export interface FileSecretProviderOptions {
  /**
   * The file: YAML when it ends in `.yaml` or `.yml`, else JSON; a leading `~` is the home directory. It need not exist.
   * Default, also for an empty string: the first of `~/.simpletuner/secrets.json`, `.yaml`, `.yml` that is a regular
   * file, looked for at each call; a new file is `secrets.json`.
   */
  readonly filePath?: string | undefined
  /**
   * What to do about a file that is open to its group or to others, or belongs to another user than this one and root,
   * or lies in such a directory (one that others can write into and that lacks the sticky bit): `'warn'` uses it and lets
   * `checkHealth` say so, `'refuse'` rejects reads and writes with kind `insecure`, `'ignore'` does neither. Default:
   * `'warn'`. Access control lists are not looked at; on Windows nothing is.
   */
  readonly insecurePermissions?: 'warn' | 'refuse' | 'ignore' | undefined
  /** Largest file that is read or written, in bytes. Default: 1048576 (1 MiB). */
  readonly maxBytes?: number | undefined
  /** Name shown in traces and errors. Default: `'file'`. */
  readonly name?: string | undefined
}

/** Seconds after which the file is looked at again. */
const lookAgainAfter = 1

/** What a document was read from; kept beside the document that was given away, without its values. */
interface DocumentOrigin {
  readonly filePath: string
  readonly state: FileState
  readonly isSettled: boolean
}

/**
 * Secrets in one JSON or YAML file: an object with a text for each key.
 *
 * Numbers and booleans are read as they are written, null is missing, objects and arrays are unusable. The provider
 * keeps no values: its manager does, and asks a second later whether the file has changed.
 *
 * Writing replaces the file as a whole, with mode 0600, under a lock against other processes; it changes one key and
 * leaves the rest of the text alone. A file that cannot be read is never written.
 */
export class FileSecretProvider implements SecretProvider {
  /** Shown in traces and errors. */
  readonly name: string
  readonly #filePath: string | undefined
  readonly #permissions: InsecurePermissions
  readonly #rules: ReadingRules
  readonly #origins = new WeakMap<ProviderDocument, DocumentOrigin>()
  #lastWrite: Promise<unknown> = Promise.resolve()

  /**
   * Opens nothing.
   *
   * @param options - Which file, and how much of it.
   * @throws TypeError when the path is not a string that can be a path, or `insecurePermissions` is none of the three.
   * @throws RangeError when `maxBytes` is not a positive integer.
   */
  constructor(options: FileSecretProviderOptions = {}) {
    const filePath = checkedPath('filePath', options.filePath)
    this.name = options.name ?? 'file'
    this.#filePath = filePath ? expandedPath(filePath) : undefined
    this.#permissions = checkedPermissions(options.insecurePermissions)
    this.#rules = {
      maxBytes: checkedMaxBytes(options.maxBytes),
      refusesExposure: this.#permissions === 'refuse',
    }
  }

  /** Whether there is a file at present, or something in its place. */
  isAvailable(): boolean {
    const filePath = this.#pathInUse()
    return filePath !== undefined && isPresent(filePath)
  }

  /**
   * Reads one secret. Keys are matched exactly.
   *
   * @returns The value, or `undefined` when the file has no such key or there is no file.
   * @throws SecretError of kind `invalid` when the key holds an object or an array; else as `readDocument`.
   */
  async getSecret(key: string, _context?: Partial<ProviderContext>): Promise<string | undefined> {
    return this.#valueOf(key, await this.readDocument())
  }

  /** The same without waiting; blocks while it reads. */
  getSecretSync(key: string): string | undefined {
    return this.#valueOf(key, this.readDocumentSync())
  }

  /**
   * Reads all keys.
   *
   * @param lookup - With `known`, a document of this provider: it is returned when the file has not changed.
   * @returns `undefined` when there is no file.
   * @throws SecretError of kind `forbidden` when the file may not be read, `malformed` when it is not what its format
   * wants or too large (the message says line and column, never what is there), `insecure` when others can get at it and
   * that is to be refused, `unavailable` when the disk fails.
   */
  async readDocument(
    lookup: DocumentLookup = {},
    _context?: Partial<ProviderContext>,
  ): Promise<ProviderDocument | undefined> {
    const filePath = this.#pathInUse()
    if (filePath === undefined) return undefined
    try {
      if (this.#isCurrent(lookup.known, filePath, await readFileState(filePath))) return lookup.known
      const content = await readPrivateFile(filePath, this.#rules)
      if (content !== undefined) await loadParserOf(filePath)
      return this.#documentOf(filePath, content, lookup.known)
    } catch (error) {
      throw this.#failure(error, filePath, { verb: 'read' })
    }
  }

  /** The same without waiting; blocks while it reads. */
  readDocumentSync(lookup: DocumentLookup = {}): ProviderDocument | undefined {
    const filePath = this.#pathInUse()
    if (filePath === undefined) return undefined
    try {
      if (this.#isCurrent(lookup.known, filePath, readFileStateSync(filePath))) return lookup.known
      return this.#documentOf(filePath, readPrivateFileSync(filePath, this.#rules), lookup.known)
    } catch (error) {
      throw this.#failure(error, filePath, { verb: 'read' })
    }
  }

  /**
   * Stores a value. Creates the file and its directory, for this user only, where they do not exist.
   *
   * @param context - Its signal ends the wait for other writers; a write that has begun is finished.
   * @throws TypeError when the key is not a string with at least one character or the value is no string.
   * @throws SecretError as `readDocument` does when the present file cannot be read, which is then left as it is;
   * `forbidden` or `unavailable` when it cannot be written, `invalid` when the value cannot be put into its text,
   * `timeout` when the signal aborts first.
   */
  async setSecret(key: string, value: string, context?: Partial<ProviderContext>): Promise<void> {
    assertKey(key)
    if (typeof value !== 'string') throw new TypeError('value must be a string')
    await this.#change({ key, value }, context?.signal)
  }

  /**
   * Removes a key.
   *
   * @returns True when the key is absent afterwards, false when there is no file.
   * @throws As `setSecret`.
   */
  async deleteSecret(key: string, context?: Partial<ProviderContext>): Promise<boolean> {
    assertKey(key)
    return this.#change({ key, value: undefined }, context?.signal)
  }

  /**
   * Reads the file, and says what it is (finding `file.contents`: path, mode, number of keys) and what should be done
   * about it: `file.mode`, `file.owner`, `file.directory_mode` and `file.directory_owner` (others can get at it),
   * `file.several` (more than one default file), `file.duplicates`, `file.unusable`, `file.leftovers`, `file.missing`,
   * and `file.` with the kind of the error when it cannot be read.
   */
  async checkHealth(_context?: Partial<ProviderContext>): Promise<ProviderHealth> {
    return fileHealth({
      provider: this.name,
      filePath: this.#pathInUse(),
      isDefault: this.#filePath === undefined,
      permissions: this.#permissions,
      rules: this.#rules,
    })
  }

  /** The file in use, or where a new one goes; its format, and its mode if it is there. */
  describe(): ProviderDescription {
    const filePath = this.#pathInUse()
    return filePath === undefined
      ? { filePath }
      : { filePath, format: formatOf(filePath).language, mode: modeOf(filePath) }
  }

  #pathInUse(): string | undefined {
    return this.#filePath ?? defaultFilePath()
  }

  #valueOf(key: string, document: ProviderDocument | undefined): string | undefined {
    const found = document?.unusable?.get(key)
    if (found !== undefined) {
      const hint = 'Put the value into quotes, as one string.'
      throw new SecretError('invalid', `The key holds no string (${found}) in ${document?.locator}.`, {
        provider: this.name,
        key,
        hint,
      })
    }
    return document?.values.get(key)
  }

  #isCurrent(
    known: ProviderDocument | undefined,
    filePath: string,
    state: FileState | undefined,
  ): known is ProviderDocument {
    const origin = known && this.#origins.get(known)
    if (!origin?.isSettled || state === undefined) return false
    return origin.filePath === filePath && isSameState(origin.state, state)
  }

  #documentOf(
    filePath: string,
    content: FileContent | undefined,
    known: ProviderDocument | undefined,
  ): ProviderDocument | undefined {
    if (content === undefined) return undefined
    const { values, unusable } = formatOf(filePath).parse(content.text)
    const read: ProviderDocument = { values, unusable, locator: filePath, ttl: lookAgainAfter }
    const document = known && this.#origins.has(known) && isSameDocument(known, read) ? known : read
    this.#origins.set(document, { filePath, state: content.state, isSettled: content.isSettled })
    return document
  }

  #change(edit: SecretEdit, signal: AbortSignal | undefined): Promise<boolean> {
    // One at a time within this provider: they would only wait for each other's lock.
    const change = this.#lastWrite.then(() => this.#changeNow(edit, signal))
    this.#lastWrite = change.catch(() => {})
    return change
  }

  async #changeNow(edit: SecretEdit, signal: AbortSignal | undefined): Promise<boolean> {
    const filePath = this.#pathInUse()
    if (filePath === undefined) {
      const hint = 'Set filePath, or the variable HOME.'
      throw new SecretError('not_configured', 'There is no home directory for the file of secrets.', {
        provider: this.name,
        hint,
      })
    }
    try {
      return await changeFile({ filePath, rules: this.#rules, edit, signal })
    } catch (error) {
      throw this.#failure(error, filePath, { verb: 'write', key: edit.key })
    }
  }

  #failure(error: unknown, filePath: string, action: Pick<FileAction, 'verb' | 'key'>): SecretError {
    return secretErrorOf(error, { provider: this.name, subject: `secrets in ${filePath}`, ...action })
  }
}

function checkedPermissions(permissions: InsecurePermissions = 'warn'): InsecurePermissions {
  if (['warn', 'refuse', 'ignore'].includes(permissions)) return permissions
  throw new TypeError("insecurePermissions must be 'warn', 'refuse' or 'ignore'")
}

function isSameDocument(first: ProviderDocument, second: ProviderDocument): boolean {
  return (
    first.locator === second.locator &&
    isSameMap(first.values, second.values) &&
    isSameMap(first.unusable ?? new Map(), second.unusable ?? new Map())
  )
}

function assertKey(key: unknown): void {
  if (typeof key !== 'string' || key === '') throw new TypeError('key must be a string with at least one character')
}

function modeOf(filePath: string): string | undefined {
  try {
    const stats = unlessAbsentSync(() => statSync(filePath))
    return stats && octal(stats.mode & 0o777)
  } catch {
    // What is wrong with it, reads and checkHealth say.
    return undefined
  }
}
