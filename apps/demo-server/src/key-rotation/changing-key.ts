import type { CredentialCipher } from '@st/credential-crypto'
import type { AuditActor } from '../audit/audit-event.ts'
import type { CipherSource } from '../credentials/credential-cipher-source.ts'
import type { KeyFiles } from './key-files.ts'
import { KeyRotation, type KeyRotationContext, type KeyRotationStatus } from './key-rotation.ts'

/** The cipher of the moment, and the change of its key from the first file to the last. */
export class ChangingKey implements CipherSource {
  readonly #files: KeyFiles
  #cipher: CredentialCipher

  private constructor(files: KeyFiles, cipher: CredentialCipher) {
    this.#files = files
    this.#cipher = cipher
  }

  /** Loads the key, or both while it is being changed. @throws CredentialError `key_refused` */
  static async load(files: KeyFiles): Promise<ChangingKey> {
    return new ChangingKey(files, await files.load())
  }

  get cipher(): CredentialCipher {
    return this.#cipher
  }

  /** Makes the next key, which encrypts from now on, and begins to encrypt everything with it. @throws Refusal `ROTATION_RUNNING` */
  async begin(rotation: KeyRotation, actor: AuditActor): Promise<KeyRotationStatus> {
    await this.#files.begin()
    this.#cipher = await this.#files.load()
    return rotation.begin(actor)
  }

  /**
   * Goes on with a change wherever it was left, also by a process that ended; drops the old key when all is done. Does
   * nothing when the key is not being changed.
   */
  async resume(
    context: Omit<KeyRotationContext, 'ciphers'>,
    signal?: AbortSignal,
  ): Promise<KeyRotationStatus | undefined> {
    if (!(await this.#files.isChanging())) return undefined
    const rotation = new KeyRotation({ ...context, ciphers: this })
    const known = await rotation.status()
    // The process ended between making the key and beginning to use it.
    const isOfThisKey = known?.fingerprint === this.#cipher.keyFingerprint
    if (!isOfThisKey) await rotation.begin({ name: 'server' })
    const status = await rotation.run(signal)
    if (status?.state === 'done') {
      await this.#files.finish()
      this.#cipher = await this.#files.load()
    }
    return status
  }
}
