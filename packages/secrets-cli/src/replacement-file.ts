import { randomBytes } from 'node:crypto'
import { link, type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CliError } from './cli-error.ts'
import { exitCodes } from './exit-codes.ts'
import { systemCode, systemFailure } from './system-failure.ts'

/** Characters that are written at once. */
const bufferLength = 1 << 18

/** Answers of systems whose folders cannot be opened or synced. */
const unsyncable: readonly (string | undefined)[] = [
  'EACCES',
  'EINVAL',
  'EISDIR',
  'ENOTSUP',
  'ENOSYS',
  'EPERM',
  'EBADF',
]

/**
 * The next content of a file, written beside it for this user only, and put in its place as a whole or not at all. A
 * process that is killed leaves the file as it was; what it left beside it the next one removes.
 */
export class ReplacementFile {
  /** Where it is until it is in place. */
  readonly path: string
  readonly #file: FileHandle
  readonly #destination: string
  #text: string[] = []
  #length = 0

  private constructor(path: string, file: FileHandle, destination: string) {
    this.path = path
    this.#file = file
    this.#destination = destination
  }

  /**
   * Makes it, empty.
   *
   * @param destination - What it is to replace; no link.
   * @throws CliError when the folder cannot be written to.
   */
  static async beside(destination: string): Promise<ReplacementFile> {
    const path = join(
      dirname(destination),
      `${prefixOf(destination)}${process.pid}.${randomBytes(6).toString('hex')}.tmp`,
    )
    try {
      await removeLeftovers(destination)
      return new ReplacementFile(path, await open(path, 'wx', 0o600), destination)
    } catch (error) {
      throw systemFailure(error, `Writing beside ${destination}`)
    }
  }

  /** Adds text. */
  async write(text: string): Promise<void> {
    this.#text.push(text)
    this.#length += text.length
    if (this.#length >= bufferLength) await this.#append()
  }

  /** Adds bytes. */
  async writeBytes(bytes: Uint8Array): Promise<void> {
    await this.#append()
    await this.#add(bytes)
  }

  /**
   * Has everything on the disk.
   *
   * @throws CliError when there is no room.
   */
  async flush(): Promise<void> {
    await this.#append()
    try {
      await this.#file.sync()
    } catch (error) {
      throw systemFailure(error, `Writing beside ${this.#destination}`)
    }
  }

  /**
   * Replaces the file, with its mode and owner.
   *
   * @param confirm - Called right before; throws to leave the file as it is.
   */
  async replace(confirm: () => Promise<void>): Promise<void> {
    await this.flush()
    try {
      const { mode, uid, gid } = await stat(this.#destination)
      // Only root may give files away.
      if (process.geteuid?.() === 0) await this.#file.chown(uid, gid)
      await this.#file.chmod(mode & 0o777)
      await this.#file.sync()
      await this.#file.close()
      await confirm()
      await rename(this.path, this.#destination)
      await syncFolder(dirname(this.#destination))
    } catch (error) {
      throw systemFailure(error, `Replacing ${this.#destination}`)
    }
  }

  /**
   * Gives it its name.
   *
   * @param mayReplace - Whether what has the name may go, its mode with it.
   * @throws CliError when something has the name that must stay.
   */
  async create(mayReplace = false): Promise<void> {
    await this.flush()
    try {
      await this.#file.close()
      if (mayReplace) await rename(this.path, this.#destination)
      else await link(this.path, this.#destination)
      await rm(this.path, { force: true })
      await syncFolder(dirname(this.#destination))
    } catch (error) {
      if (systemCode(error) === 'EEXIST') throw taken(this.#destination)
      throw systemFailure(error, `Creating ${this.#destination}`)
    }
  }

  /** Removes it, unless it is in place. */
  async discard(): Promise<void> {
    // Closed by now, where it was to be put in place.
    await this.#file.close().catch(() => undefined)
    await rm(this.path, { force: true })
  }

  async #append(): Promise<void> {
    const text = this.#text.join('')
    this.#text = []
    this.#length = 0
    await this.#add(text)
  }

  async #add(data: string | Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(data)
    } catch (error) {
      throw systemFailure(error, `Writing beside ${this.#destination}`)
    }
  }
}

/** The failure of a file that is there already. */
export function taken(path: string, hint = 'Name another file, or remove that one first.'): CliError {
  return new CliError(exitCodes.conflict, `${path} is there already.`, hint)
}

/** Removes what killed processes left; not what others are writing. */
async function removeLeftovers(destination: string): Promise<void> {
  const folder = dirname(destination)
  const prefix = prefixOf(destination)
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue
    const writer = /^(\d+)\.[0-9a-f]{12}\.tmp$/.exec(name.slice(prefix.length))?.[1]
    if (writer !== undefined && !isRunning(Number(writer))) await rm(join(folder, name), { force: true })
  }
}

function isRunning(pid: number): boolean {
  // What this process has left, nobody writes any more: it does one thing at a time.
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}

async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path)
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch (error) {
    if (!unsyncable.includes(systemCode(error))) throw error
  }
}

function prefixOf(path: string): string {
  return `.${basename(path)}.st-secrets.`
}
