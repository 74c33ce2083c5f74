import { type CredentialCipher, CredentialError } from '@st/credential-crypto'
import type { Transaction } from 'kysely'
import type { CipherSource } from '../credentials/credential-cipher-source.ts'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { cipherFor, claimDatabase, type DatabaseKey, newSalt, readDatabaseKey } from './database-key.ts'
import { KeyError } from './key-error.ts'
import { KeyRing } from './key-ring.ts'
import type { KeySource } from './key-source.ts'

/** What there is to say about the key of the credentials, without the key. */
export interface KeyDescription {
  readonly source: KeySource['kind']
  /** Of the key that encrypts. */
  readonly fingerprint: string
  /** Of the key that it can be changed to; absent where there is none, or where files make it. */
  readonly nextFingerprint?: string
  /** Of the key of before, which is needed until the rotation is done. */
  readonly previousFingerprint?: string
  /** What whoever runs the server has to do; absent when nothing. */
  readonly advice?: string
}

/** What it works with. */
export interface ChangingKeyContext {
  readonly database: Database
  readonly source: KeySource
}

/**
 * The key of the credentials: which ones there are, their source says; which of them encrypts, the database. So all
 * instances on one database go over to a new key at the same moment, and one that has not got it stores nothing.
 */
export class ChangingKey implements CipherSource {
  readonly #database: Database
  readonly #source: KeySource
  #ring: KeyRing
  #row: DatabaseKey
  #cipher: CredentialCipher
  #refreshing: Promise<boolean> | undefined
  #lastTurn: Promise<unknown> = Promise.resolve()

  private constructor({ database, source }: ChangingKeyContext, loaded: Loaded) {
    this.#database = database
    this.#source = source
    this.#ring = loaded.ring
    this.#row = loaded.row
    this.#cipher = loaded.cipher
  }

  /**
   * Loads the keys. The first time, it makes one, and the database belongs to it from then on.
   *
   * @throws KeyError when the database belongs to another key: nothing was changed. CredentialError `key_refused`
   */
  static async open(context: ChangingKeyContext): Promise<ChangingKey> {
    const row = (await readDatabaseKey(context.database.reads)) ?? (await claim(context))
    return new ChangingKey(context, await load(context.source, row))
  }

  get cipher(): CredentialCipher {
    return this.#cipher
  }

  /** Where the keys come from. */
  get source(): KeySource {
    return this.#source
  }

  /** The keys that are here now. @throws KeyError */
  async loadRing(): Promise<KeyRing> {
    return (await this.#load()).ring
  }

  /** For passphrases. */
  get salt(): string {
    return this.#row.salt
  }

  async refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async requireCurrent(transaction: Transaction<Schema>): Promise<void> {
    const row = await readDatabaseKey(transaction)
    if (row !== undefined && row.fingerprint !== this.#cipher.keyFingerprint) await this.#adopt(row)
  }

  /**
   * Lets one at a time, of all that share the keys, look at the next key and do something with it: in between, it may have
   * become another.
   *
   * @throws DatabaseError `locked` when it takes too long.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(() => this.#source.exclusively(work))
    this.#lastTurn = turn.catch(() => undefined)
    return turn
  }

  /**
   * Sees to it that there is a next key, and gives a cipher that encrypts with it. To be called and used
   * {@link ChangingKey.exclusively}.
   *
   * @throws Refusal `NO_NEXT_KEY`
   */
  async prepareNext(): Promise<CredentialCipher | undefined> {
    await this.refresh()
    // A process may have ended when all was done but this.
    if (await this.#isNextInUse()) await this.#source.promoteNext()
    await this.#source.prepareNext()
    const { row, ring } = await this.#load()
    const next = ring.keys[1]?.fingerprint
    const isUsed = next === row.fingerprint && row.previous_fingerprint === null
    return next === undefined || isUsed ? undefined : ring.cipherOf(next)
  }

  /** Whether files hold a next key that was made and is not used yet. */
  async isNextWaiting(): Promise<boolean> {
    const next = await this.#nextFingerprint()
    return this.#source.kind === 'file' && next !== undefined && next !== this.#row.fingerprint
  }

  /** Whether all values are of the key in the next file, and the old one is still there. */
  async isFinishing(): Promise<boolean> {
    return this.#source.kind === 'file' && (await this.#isNextInUse())
  }

  /** Drops the old key where that is not left to whoever runs the server, once no value of it is left. */
  finish(): Promise<void> {
    return this.exclusively(() => this.#finish())
  }

  /** For an administrator. */
  async describe(): Promise<KeyDescription> {
    await this.refresh()
    const { fingerprint, previous_fingerprint: previous } = this.#row
    const other = this.#ring.keys.find(key => key.fingerprint !== fingerprint && key.fingerprint !== previous)
    const advice = this.#source.kind === 'environment' ? await this.#advice() : undefined
    return {
      source: this.#source.kind,
      fingerprint,
      ...(other === undefined || advice === removable ? {} : { nextFingerprint: other.fingerprint }),
      ...(previous === null ? {} : { previousFingerprint: previous }),
      ...(advice === undefined ? {} : { advice }),
    }
  }

  async #finish(): Promise<void> {
    await this.refresh()
    if (!(await this.#isNextInUse())) return
    await this.#source.promoteNext()
    this.#take(await this.#load())
  }

  async #advice(): Promise<string | undefined> {
    if (this.#row.previous_fingerprint !== null) return keepBoth
    return (await this.#isNextInUse()) ? removable : undefined
  }

  async #isNextInUse(): Promise<boolean> {
    const { fingerprint, previous_fingerprint: previous } = this.#row
    return previous === null && (await this.#nextFingerprint()) === fingerprint
  }

  async #nextFingerprint(): Promise<string | undefined> {
    const { ring } = await this.#load()
    return ring.keys[1]?.fingerprint
  }

  async #refresh(): Promise<boolean> {
    const row = await readDatabaseKey(this.#database.reads)
    if (row === undefined || isSame(row, this.#row)) return false
    await this.#adopt(row)
    return true
  }

  async #adopt(row: DatabaseKey): Promise<void> {
    try {
      this.#take(await this.#load(row))
    } catch (error) {
      throw error instanceof KeyError ? new KeyError('outdated', error.fingerprint) : error
    }
  }

  /** Variables stay as they are. */
  #load(row = this.#row): Promise<Loaded> {
    return load(this.#source, row, this.#source.kind === 'environment' ? this.#ring : undefined)
  }

  #take({ row, ring, cipher }: Loaded): void {
    this.#row = row
    this.#ring = ring
    this.#cipher = cipher
  }
}

const keepBoth =
  'The key is being changed: keep SIMPLETUNER_CREDENTIAL_KEY and SIMPLETUNER_CREDENTIAL_KEY_NEXT as they are until the rotation is done.'
const removable =
  'No value of the old key is left: move the key in SIMPLETUNER_CREDENTIAL_KEY_NEXT to SIMPLETUNER_CREDENTIAL_KEY, remove SIMPLETUNER_CREDENTIAL_KEY_NEXT and restart every instance.'

interface Loaded {
  readonly row: DatabaseKey
  readonly ring: KeyRing
  readonly cipher: CredentialCipher
}

async function claim({ database, source }: ChangingKeyContext): Promise<DatabaseKey> {
  await source.create()
  const salt = newSalt()
  const ring = await ringOf(source, salt)
  const cipher = await ring?.cipherOf(ring.keys[0]?.fingerprint ?? '')
  if (cipher === undefined) throw new TypeError('A source of keys has made none')
  return claimDatabase(database, cipher, salt)
}

/**
 * Tried again when a file took the place of another between asking for it and reading it.
 *
 * @throws KeyError `missing`, `mismatch`, `previous_missing`
 */
async function load(source: KeySource, row: DatabaseKey, known?: KeyRing): Promise<Loaded> {
  for (let tries = 1; ; tries += 1) {
    try {
      const ring = known ?? (await ringOf(source, row.salt))
      if (ring === undefined) throw new KeyError('missing', row.fingerprint)
      return { row, ring, cipher: await cipherFor(row, ring) }
    } catch (error) {
      const wasMoved = CredentialError.isInstance(error) && error.detail === 'missing'
      if (!wasMoved || tries === 3) throw error
    }
  }
}

async function ringOf(source: KeySource, salt: string): Promise<KeyRing | undefined> {
  const pair = await source.read()
  return pair && KeyRing.load(pair.next === undefined ? [pair.current] : [pair.current, pair.next], salt)
}

function isSame(left: DatabaseKey, right: DatabaseKey): boolean {
  return left.fingerprint === right.fingerprint && left.previous_fingerprint === right.previous_fingerprint
}
