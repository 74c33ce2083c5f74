import { randomBytes } from 'node:crypto'
import { access, link, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FileLock } from '../file-lock.ts'
import { createSecretFile, syncFolder } from '../secret-file.ts'
import type { KeyPair, KeySource } from './key-source.ts'

/**
 * The files of the credentials' key: `credential.key`; beside it `credential.key.next` while it is being changed, and
 * `credential.key.previous` after that, for backups of before. Whenever the process ends, the files that are there decrypt
 * everything.
 */
export class KeyFiles implements KeySource {
  readonly kind = 'file'
  readonly #path: string
  readonly #next: string
  readonly #previous: string

  /** @param path - Of `credential.key`, in a folder that exists. */
  constructor(path: string) {
    this.#path = path
    this.#next = `${path}.next`
    this.#previous = `${path}.previous`
  }

  async read(): Promise<KeyPair | undefined> {
    const current = { keyFile: this.#path }
    // Asked first: it takes the place of the other, so that the key cannot be missed between the two questions.
    const isChanging = await exists(this.#next)
    if (!(await exists(this.#path))) return undefined
    return isChanging ? { current, next: { keyFile: this.#next } } : { current }
  }

  async create(): Promise<void> {
    if (!(await exists(this.#path))) await createKeyFile(this.#path)
  }

  /**
   * Several processes may share the files. Of two that looked at the next key, one could promote what the other has made
   * since, while values of the key of before are left.
   */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    using _ = await FileLock.wait(`${this.#path}.lock`, 'exclusive')
    return await work()
  }

  /** Makes the next key, unless there is one. */
  async prepareNext(): Promise<void> {
    if (!(await exists(this.#next))) await createKeyFile(this.#next)
  }

  /** For when nothing is left that the other key has encrypted. */
  async promoteNext(): Promise<void> {
    if (!(await exists(this.#next))) return
    await unlink(this.#previous).catch(ignoreMissing)
    await link(this.#path, this.#previous)
    // Replaces the key in one step: there is never none.
    await rename(this.#next, this.#path)
    await syncFolder(dirname(this.#path))
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function createKeyFile(path: string): Promise<void> {
  await createSecretFile(path, randomBytes(32).toString('base64'))
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}
