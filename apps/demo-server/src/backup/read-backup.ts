import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { TSchema, Type } from 'typebox'
import { Check } from 'typebox/value'
import { BackupError } from './backup-error.ts'
import {
  type BackupHeader,
  BackupHeaderSchema,
  type BackupTrailer,
  BackupTrailerSchema,
  formatName,
  formatVersion,
} from './backup-format.ts'

/** A row: the number of its table, and its values. */
export type BackupRow = readonly unknown[]

/** A part of a backup. */
export type BackupPart =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'row'; readonly row: BackupRow }
  /** Its checksum was compared. */
  | { readonly kind: 'trailer'; readonly trailer: BackupTrailer }

const longestLine = 64 * 1024 * 1024

/**
 * Reads a backup: its header, its rows, and its trailer when all before it is as it was written.
 *
 * @throws BackupError `not_a_backup`, `newer`, `damaged`, `unavailable`
 */
export async function* readBackup(path: string): AsyncGenerator<BackupPart, void> {
  const hash = createHash('sha256')
  let number = 0
  let isComplete = false
  for await (const { bytes, isEnded } of lines(path)) {
    number += 1
    if (isComplete || !isEnded) throw damagedOrForeign(number)
    const part = number === 1 ? headerOf(bytes) : partOf(bytes, number)
    isComplete = part.kind === 'trailer'
    if (part.kind === 'trailer' && part.trailer.sha256 !== hash.digest('hex'))
      throw new BackupError('damaged', 'checksum')
    if (!isComplete) hash.update(bytes)
    yield part
  }
  if (!isComplete) throw number === 0 ? new BackupError('not_a_backup') : new BackupError('damaged', 'cut off')
}

function headerOf(bytes: Buffer): BackupPart {
  const header = parsed(bytes)
  if (typeof header !== 'object' || header === null) throw new BackupError('not_a_backup')
  if (!('format' in header) || header.format !== formatName || !('version' in header)) {
    throw new BackupError('not_a_backup')
  }
  if (typeof header.version === 'number' && header.version > formatVersion) throw new BackupError('newer')
  if (!isOf(BackupHeaderSchema, header)) throw new BackupError('damaged', 'line 1')
  return { kind: 'header', header }
}

function partOf(bytes: Buffer, number: number): BackupPart {
  const value = parsed(bytes)
  if (Array.isArray(value)) return { kind: 'row', row: value }
  if (isOf(BackupTrailerSchema, value)) return { kind: 'trailer', trailer: value }
  throw new BackupError('damaged', `line ${number}`)
}

function isOf<S extends TSchema>(schema: S, value: unknown): value is Type.Static<S> {
  return Check(schema, value)
}

/** What JSON's own errors say quotes what was read. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function damagedOrForeign(number: number): BackupError {
  return number === 1 ? new BackupError('not_a_backup') : new BackupError('damaged', `line ${number}`)
}

interface Line {
  /** With its end. */
  readonly bytes: Buffer
  readonly isEnded: boolean
}

async function* lines(path: string): AsyncGenerator<Line, void> {
  let rest: Buffer[] = []
  let length = 0
  for await (const chunk of chunks(path)) {
    let from = 0
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
      const last = chunk.subarray(from, end + 1)
      yield { bytes: rest.length === 0 ? last : Buffer.concat([...rest, last]), isEnded: true }
      from = end + 1
      rest = []
      length = 0
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
    length += chunk.length - from
    if (length > longestLine) throw new BackupError('not_a_backup')
  }
  if (rest.length > 0) yield { bytes: Buffer.concat(rest), isEnded: false }
}

async function* chunks(path: string): AsyncGenerator<Buffer, void> {
  try {
    // Without an encoding a file is read as buffers.
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) yield chunk as Buffer
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error
    throw new BackupError('unavailable', String(error.code))
  }
}
