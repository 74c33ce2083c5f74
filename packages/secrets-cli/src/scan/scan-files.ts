import { systemCode } from '../system-failure.ts'
import { findInChunks, type FoundSecret } from './find-in-chunks.ts'
import type { KnownSecrets } from './known-secret.ts'
import type { ScannedFile } from './scanned-file.ts'
import { SecretLocator } from './secret-locator.ts'

/** A secret in a file. */
export interface ScanFinding extends FoundSecret {
  /** Of the file. */
  readonly path: string
}

/** A file that could not be read to its end. */
export interface UnreadFile {
  /** Of the file. */
  readonly path: string
  /** What the system said, such as `EACCES`. */
  readonly reason: string
}

/** What a scan has found. No member holds a value, nor a line of a file. */
export interface ScanReport {
  /** Files that were read. */
  readonly files: number
  /** Different values that were looked for. */
  readonly values: number
  /** Secrets that were found, file by file. */
  readonly findings: readonly ScanFinding[]
  /** Files that could not be read. */
  readonly unread: readonly UnreadFile[]
  /** Keys whose values are too short to be looked for. */
  readonly tooShort: readonly string[]
  /** Providers that could not be asked: their values were not looked for. */
  readonly failed: KnownSecrets['failed']
}

/** How {@link scanFiles} tells what it does. */
export interface ScanOptions {
  /** Is told each finding at once. */
  readonly onFinding?: ((finding: ScanFinding) => void) | undefined
  /** Is told after each file how many were read. */
  readonly onProgress?: ((files: number) => void) | undefined
  /** Ends the scan, with its reason, between two pieces of a file. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Looks for secrets in files.
 *
 * @throws What `files` throws, and the reason of `signal`. A file that cannot be read is reported instead.
 */
export async function scanFiles(
  files: AsyncIterable<ScannedFile>,
  known: KnownSecrets,
  options: ScanOptions = {},
): Promise<ScanReport> {
  const locator = new SecretLocator(known.secrets)
  const findings: ScanFinding[] = []
  const unread: UnreadFile[] = []
  let count = 0
  for await (const file of files) {
    options.signal?.throwIfAborted()
    try {
      for await (const found of findInChunks(untilAborted(file.open(), options.signal), locator)) {
        const finding = { path: file.path, ...found }
        findings.push(finding)
        options.onFinding?.(finding)
      }
      count += 1
      options.onProgress?.(count)
    } catch (error) {
      const reason = systemCode(error)
      if (reason === undefined) throw error
      unread.push({ path: file.path, reason })
    }
  }
  const { tooShort } = locator
  return {
    files: count,
    values: known.secrets.length - tooShort.length,
    findings,
    unread,
    tooShort,
    failed: known.failed,
  }
}

async function* untilAborted(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    yield chunk
  }
}

/**
 * What a scan ends the process with: 6 when a secret was found or a file could not be read, 4 when a provider could not be
 * asked, as its values may be there unseen, and 0 when there is nothing.
 */
export function scanExitCode({ findings, unread, failed }: ScanReport): 0 | 4 | 6 {
  if (findings.length > 0 || unread.length > 0) return 6
  return failed.length > 0 ? 4 : 0
}
