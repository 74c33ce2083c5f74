import { spawn } from 'node:child_process'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { gitRecords, type GitRun } from './run-git.ts'
import type { ScannedFile } from './scanned-file.ts'

/** A file that `git commit` would write, by the name of its content. */
interface StagedBlob {
  readonly path: string
  readonly id: string
}

/** What follows a path in an index: a file or a link. Repositories within this one have no content here. */
const blobModes = /^:\d+ 1[02]\d{4} ([0-9a-f]+) ([0-9a-f]+) /

/**
 * What git would commit, as it is in the index and not as it is in the folder; all of it through one process.
 *
 * @throws CliError when git is not installed, there is no repository, or the index cannot be read.
 */
export async function* stagedFiles(run: GitRun): AsyncGenerator<ScannedFile> {
  const blobs = await stagedBlobs(run)
  if (blobs.length === 0) return
  const git = spawn('git', ['cat-file', '--batch'], { cwd: run.cwd, env: run.env, stdio: ['pipe', 'pipe', 'ignore'] })
  // A git that ends early is noticed by its answers.
  git.on('error', () => undefined)
  git.stdin.on('error', () => undefined)
  git.stdin.end(blobs.map(({ id }) => `${id}\n`).join(''))
  const answers = new BatchAnswers(git.stdout)
  try {
    for (const { path } of blobs) {
      await answers.next(path)
      yield { path, open: () => answers.content() }
    }
  } finally {
    git.kill()
  }
}

/** Files that differ from the last commit, and are not deleted. */
async function stagedBlobs(run: GitRun): Promise<readonly StagedBlob[]> {
  const args = ['diff', '--cached', '--raw', '-z', '--no-abbrev', '--no-renames', '--diff-filter=AMT']
  const records = await gitRecords(args, run)
  const blobs: StagedBlob[] = []
  for (let index = 0; index + 1 < records.length; index += 2) {
    const id = blobModes.exec(records[index] ?? '')?.[2]
    // Zeros stand for a file that is only intended to be added.
    if (id !== undefined && !/^0+$/.test(id)) blobs.push({ path: records[index + 1] ?? '', id })
  }
  return blobs
}

function contentLength(header: string, path: string): number {
  const length = / blob (\d+)$/.exec(header)?.[1]
  if (length !== undefined) return Number(length)
  throw new CliError(exitCodes.unusable, `git has no content for ${path}.`, 'Check the repository: git fsck')
}

/** Answers of `git cat-file --batch`: a line, as many bytes as it says, and a line feed. */
class BatchAnswers {
  readonly #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)
  /** Bytes of the present answer that nobody has read. */
  #missing = 0

  constructor(stdout: AsyncIterable<Buffer>) {
    this.#chunks = stdout[Symbol.asyncIterator]()
  }

  /** Goes on to the answer for a path; what nobody read of the last one is passed over. */
  async next(path: string): Promise<void> {
    while (this.#missing > 0) await this.#take()
    let end = this.#rest.indexOf(10)
    while (end === -1 && (await this.#more())) end = this.#rest.indexOf(10)
    const line = this.#rest.subarray(0, Math.max(0, end)).toString('latin1')
    this.#rest = this.#rest.subarray(end + 1)
    // With the line feed behind the content.
    this.#missing = contentLength(line, path) + 1
  }

  /** The content of the present answer. */
  async *content(): AsyncGenerator<Buffer> {
    while (this.#missing > 1) {
      const bytes = await this.#take()
      yield this.#missing === 0 ? bytes.subarray(0, -1) : bytes
    }
  }

  async #take(): Promise<Buffer> {
    if (this.#rest.length === 0 && !(await this.#more()))
      throw new CliError(exitCodes.unusable, 'git ended before its answer did.')
    const bytes = this.#rest.subarray(0, this.#missing)
    this.#rest = this.#rest.subarray(bytes.length)
    this.#missing -= bytes.length
    return bytes
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next()
    if (done === true) return false
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value])
    return true
  }
}
