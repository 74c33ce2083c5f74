import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { interruptible } from '../interruptible.ts'
import { printable } from '../printable.ts'
import { type Progress, startProgress } from '../progress.ts'
import { readValue } from '../read-value.ts'
import { systemFailure } from '../system-failure.ts'
import { amount, amounts, members, type Shape, text, UnexpectedShape } from './answer-shape.ts'
import { BackupCheck, type BackupHead } from './backup-check.ts'
import { confirm } from './confirm.ts'
import { type ServerClient, serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Flags of `restore`. */
export interface RestoreBackupFlags extends ServerFlags {
  readonly yes: boolean
}

interface Restored {
  readonly createdAt: string
  readonly rows: Readonly<Record<string, number>>
  readonly undecryptable: number
  /** `kept` or `restored`. */
  readonly log: string
}

const restoredShape: Shape<Restored> = members<Restored>({
  createdAt: text,
  rows: amounts,
  undecryptable: amount,
  log: text,
})

/** Puts a backup in the place of everything that a server has. */
export async function restoreBackup(context: CommandContext, flags: RestoreBackupFlags, path: string): Promise<void> {
  const output = context.output(flags)
  const source = resolve(context.cwd, path)
  const head = await checkedHead(source)
  const client = await serverClient(context, flags)
  const question = `Put the backup of ${printable(head.createdAt)} in the place of everything at ${client.address}?`
  await confirm(context, { question, isAgreed: flags.yes })
  const passphrase = head.passphraseSalt === null ? '' : await readPassphrase(context)
  const restored = await upload(context, flags, { client, source, passphrase })
  if (output.isJson) await output.json(restored)
  const rows = Object.values(restored.rows).reduce((sum, count) => sum + count, 0)
  const kept = restored.log === 'kept' ? 'goes on' : 'is that of the backup'
  await output.message(`Restored ${rows} rows. The audit log ${kept}. Everybody has to sign in again.`)
  if (restored.undecryptable > 0) {
    await output.warning(`Values that do not decrypt, as when it was made: ${restored.undecryptable}.`)
  }
}

/** Read to its end before anything is sent: half a backup, or another file, is told here. */
async function checkedHead(path: string): Promise<BackupHead> {
  const check = new BackupCheck()
  try {
    // Without an encoding a file is read as buffers.
    for await (const piece of createReadStream(path)) check.push(piece as Buffer)
    return check.end()
  } catch (error) {
    if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) {
      throw systemFailure(error, `Reading ${path}`)
    }
    throw new CliError(exitCodes.unusable, `${path} is no backup, or not a whole one.`, 'Nothing was sent.')
  }
}

async function readPassphrase(context: CommandContext): Promise<string> {
  const prompt = 'Passphrase of the backup (nothing, where the server has the keys)'
  return readValue(context, { prompt, mayBeEmpty: true })
}

interface Upload {
  readonly client: ServerClient
  readonly source: string
  readonly passphrase: string
}

async function upload(
  context: CommandContext,
  flags: RestoreBackupFlags,
  { client, source, passphrase }: Upload,
): Promise<Restored> {
  const { size: total } = await stat(source)
  const bar = await startProgress(context, flags, { title: 'Bytes of the backup', total })
  const encoded = Buffer.from(passphrase).toString('base64')
  const headers = {
    'content-type': 'application/octet-stream',
    ...(passphrase === '' ? {} : { 'backup-passphrase': encoded }),
  }
  const secrets = passphrase === '' ? [] : [passphrase, encoded]
  try {
    return await interruptible(async signal => {
      const body = ReadableStream.from(pieces(source, bar))
      const request = { method: 'POST', path: 'api/backup/restore', headers, body, secrets, signal } as const
      return client.ask({ ...request, isLong: true }, restoredShape)
    })
  } finally {
    bar.stop()
  }
}

async function* pieces(path: string, bar: Progress): AsyncGenerator<Uint8Array, void> {
  let sent = 0
  for await (const piece of createReadStream(path)) {
    // Without an encoding a file is read as buffers.
    const bytes = piece as Buffer
    yield bytes
    bar.update((sent += bytes.length))
  }
}
