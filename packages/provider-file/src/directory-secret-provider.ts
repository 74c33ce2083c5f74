import type { Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  Finding,
  ProviderContext,
  ProviderDescription,
  ProviderHealth,
  ProviderSecret,
  SecretError,
  SecretLookup,
  SecretProvider,
} from '@st/secrets-core/provider'
import { checkedMaxBytes, checkedPath } from './checked-options.ts'
import { isFileName, readContainedFile, readContainedFileSync } from './contained-file.ts'
import { directoryExposures, octal } from './file-exposure.ts'
import { secretErrorOf } from './file-failure.ts'
import { fileValue } from './file-value.ts'
import { healthOf } from './health-of.ts'
import { expandedPath, isPresent } from './secrets-file-path.ts'
import { isMissingEntry, unlessAbsent } from './system-error.ts'

/** Options of {@link DirectorySecretProvider}. */
export interface DirectorySecretProviderOptions {
  /** Directory with one file a key: `/run/secrets`, `$CREDENTIALS_DIRECTORY`, a Kubernetes volume. `~` is expanded. */
  readonly directory: string
  /** Largest file that is read, in bytes. Default: 1048576 (1 MiB). */
  readonly maxBytes?: number | undefined
  /** Name shown in traces and errors. Default: `'directory'`. */
  readonly name?: string | undefined
}

/** Seconds after which a file is looked at again. */
const lookAgainAfter = 1

/**
 * Secrets in a directory of files, as container engines, Kubernetes and systemd mount them; read only.
 *
 * A key is the name of a file, its value the file's text without one line break at the end. Names that begin with a dot
 * are no keys. Links are followed inside of the directory and refused where they lead out of it, so that no key reads
 * anything else. Who may read the files is not judged: in a container that is the container's business.
 */
export class DirectorySecretProvider implements SecretProvider {
  /** Shown in traces and errors. */
  readonly name: string
  readonly #directory: string
  readonly #maxBytes: number

  /**
   * Opens nothing.
   *
   * @param options - Which directory, and how much of each file.
   * @throws TypeError when the directory is not a string that can be a path.
   * @throws RangeError when `maxBytes` is not a positive integer.
   */
  constructor(options: DirectorySecretProviderOptions) {
    const directory = checkedPath('directory', options.directory)
    if (!directory) throw new TypeError('directory must be the path of a directory')
    this.name = options.name ?? 'directory'
    this.#directory = expandedPath(directory)
    this.#maxBytes = checkedMaxBytes(options.maxBytes)
  }

  /** Whether there is a directory at present, or something in its place. */
  isAvailable(): boolean {
    return isPresent(this.#directory)
  }

  /**
   * Reads one secret. Keys are matched exactly.
   *
   * @returns The value, or `undefined` when there is no such file: also for keys that cannot be file names.
   * @throws SecretError of kind `malformed` when the file is none that holds text or is too large, `insecure` when a link
   * leads out of the directory, `forbidden` when it may not be read, `unavailable` when the disk fails.
   */
  async getSecret(key: string, _context?: Partial<ProviderContext>): Promise<string | undefined> {
    return (await this.readSecret({ key }))?.value
  }

  /** The same without waiting; blocks while it reads. */
  getSecretSync(key: string): string | undefined {
    if (!isFileName(key)) return undefined
    try {
      const content = readContainedFileSync(this.#directory, key, this.#maxBytes)
      return content && fileValue(content)
    } catch (error) {
      throw this.#failure(error, key)
    }
  }

  /**
   * Reads one secret, with the path of its file; good for a second.
   *
   * @throws As `getSecret`.
   */
  async readSecret(lookup: SecretLookup, _context?: Partial<ProviderContext>): Promise<ProviderSecret | undefined> {
    const { key } = lookup
    if (!isFileName(key)) return undefined
    try {
      const content = await readContainedFile(this.#directory, key, this.#maxBytes)
      return content && { value: fileValue(content), locator: join(this.#directory, key), ttl: lookAgainAfter }
    } catch (error) {
      throw this.#failure(error, key)
    }
  }

  /**
   * Names of the files that are keys, in no order; of links, whatever they lead to.
   *
   * @throws SecretError when the directory cannot be read.
   */
  async *listKeys(_context?: Partial<ProviderContext>): AsyncGenerator<string, void, undefined> {
    try {
      const entries = (await unlessAbsent(readdir(this.#directory, { withFileTypes: true }), isMissingEntry)) ?? []
      for (const entry of entries) {
        if (!isFileName(entry.name)) continue
        if (entry.isFile() || (entry.isSymbolicLink() && !(await this.#isDirectory(entry.name)))) yield entry.name
      }
    } catch (error) {
      throw this.#failure(error)
    }
  }

  /**
   * Reads every file, and says what the directory is (finding `directory.contents`: path, mode, number of keys) and what
   * should be done about it: `directory.missing`, `directory.mode` and `directory.owner` (others can put secrets into
   * it), and for what cannot be read `directory.` with the kind of the error.
   */
  async checkHealth(_context?: Partial<ProviderContext>): Promise<ProviderHealth> {
    const startedMs = performance.now()
    try {
      const stats = await unlessAbsent(stat(this.#directory))
      if (stats === undefined) return healthOf({ status: 'not_configured', findings: [this.#missing()] })
      const findings = directoryExposures(this.#directory, stats).map(({ id, problem, fix }) => ({
        id: id.replace('file.directory_', 'directory.'),
        severity: 'warning' as const,
        message: `Secrets in ${this.#directory} can be exchanged: ${problem}.`,
        fix,
      }))
      const held = await this.#contents(stats)
      return healthOf({ latencyMs: performance.now() - startedMs, findings: [...findings, ...held] })
    } catch (error) {
      const { kind, message, hint } = this.#failure(error)
      const finding: Finding = { id: `directory.${kind}`, severity: 'error', message, fix: hint }
      return healthOf({ status: 'failed', kind, findings: [finding] })
    }
  }

  /** The directory. */
  describe(): ProviderDescription {
    return { directory: this.#directory }
  }

  async #contents({ mode }: Stats): Promise<readonly Finding[]> {
    const findings: Finding[] = []
    let keys = 0
    for await (const key of this.listKeys()) {
      keys += 1
      try {
        await this.getSecret(key)
      } catch (error) {
        const { kind, message, hint } = this.#failure(error, key)
        findings.push({ id: `directory.${kind}`, severity: 'warning', message, fix: hint })
      }
    }
    const message = `${this.#directory} has the mode ${octal(mode & 0o7777)}. Keys: ${keys}.`
    findings.push({ id: 'directory.contents', severity: 'info', message })
    return findings
  }

  async #isDirectory(name: string): Promise<boolean> {
    const path = await unlessAbsent(realpath(join(this.#directory, name)))
    return path === undefined || (await stat(path)).isDirectory()
  }

  #missing(): Finding {
    const fix = 'Mount the secrets, or correct the option directory.'
    return { id: 'directory.missing', severity: 'info', message: `There is no directory ${this.#directory}.`, fix }
  }

  #failure(error: unknown, key?: string): SecretError {
    const subject = key === undefined ? `secrets in ${this.#directory}` : `the secret in ${join(this.#directory, key)}`
    return secretErrorOf(error, { provider: this.name, verb: 'read', subject, key })
  }
}
