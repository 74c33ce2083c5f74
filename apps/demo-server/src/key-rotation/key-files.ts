import { randomBytes } from 'node:crypto'
import { access, link, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type CredentialCipher, createCredentialCipher } from '@st/credential-crypto'
import { createSecretFile, syncFolder } from '../secret-file.ts'

/**
 * The files of the credentials' key: `credential.key`; beside it `credential.key.next` while it is being changed, and
 * `credential.key.previous` after that, for backups of before. Whenever the process ends, the files that are there decrypt
 * everything.
 */
export class KeyFiles {
  readonly #path: string
  readonly #next: string
  readonly #previous: string

  /** @param path - Of `credential.key`, in a folder that exists. */
  constructor(path: string) {
    this.#path = path
    this.#next = `${path}.next`
    this.#previous = `${path}.previous`
  }

  /** Whether a change of the key has begun and not ended. */
  async isChanging(): Promise<boolean> {
    return exists(this.#next)
  }

  /**
   * A cipher that encrypts with the newest key and decrypts with all that are in use. The first call makes a key.
   *
   * @throws CredentialError `key_refused`
   */
  async load(): Promise<CredentialCipher> {
    if (!(await exists(this.#path))) await createKeyFile(this.#path)
    const files = (await this.isChanging()) ? [this.#next, this.#path] : [this.#path]
    return createCredentialCipher({ keys: files.map(keyFile => ({ keyFile })), format: 'st2' })
  }

  /** Makes the next key, unless there is one. {@link KeyFiles.load} uses it from now on. */
  async begin(): Promise<void> {
    if (!(await this.isChanging())) await createKeyFile(this.#next)
  }

  /** Makes the next key the only one. For when nothing is left that the other one has encrypted. */
  async finish(): Promise<void> {
    if (!(await this.isChanging())) return
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
