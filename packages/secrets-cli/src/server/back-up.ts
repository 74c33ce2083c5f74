import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { interruptible } from '../interruptible.ts'
import { startProgress } from '../progress.ts'
import { readValue } from '../read-value.ts'
import { ReplacementFile, taken } from '../replacement-file.ts'
import { BackupCheck } from './backup-check.ts'
import { type ServerClient, serverClient, type ServerRequest } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Flags of `backup`. */
export interface BackUpFlags extends ServerFlags {
  readonly withoutKeys: boolean
  readonly force: boolean
}

/** Downloads a backup of a server into a new file, which only its owner may read. */
export async function backUp(context: CommandContext, flags: BackUpFlags, path: string): Promise<void> {
  const output = context.output(flags)
  const destination = resolve(context.cwd, path)
  if (!flags.force && existsSync(destination)) throw taken(destination, 'Name another file; --force replaces it.')
  const client = await serverClient(context, flags)
  const request = await requestOf(context, flags)
  const { bytes, createdAt } = await download(context, flags, { client, request, destination })
  if (output.isJson) await output.json({ path, bytes, createdAt, withKeys: !flags.withoutKeys })
  const keys = flags.withoutKeys
    ? 'The keys are not in it: without them it cannot be restored.'
    : 'The keys are in it, sealed: without the passphrase it cannot be restored elsewhere.'
  await output.message(`Backed up ${client.address} to ${path} (${bytes} bytes). ${keys}`)
}

async function requestOf(context: CommandContext, { withoutKeys }: BackUpFlags): Promise<ServerRequest> {
  const path = 'api/backup'
  if (withoutKeys) return { path }
  const passphrase = await readNewPassphrase(context)
  return { method: 'POST', path, body: { passphrase }, secrets: [passphrase], isRepeatable: true }
}

async function readNewPassphrase(context: CommandContext): Promise<string> {
  const passphrase = await readValue(context, { prompt: 'Passphrase that seals the keys, at least 12 characters' })
  if (!context.isInteractive) return passphrase
  const again = await readValue(context, { prompt: 'The same again' })
  if (again === passphrase) return passphrase
  throw new CliError(exitCodes.usage, 'The two passphrases are not the same.')
}

interface Download {
  readonly client: ServerClient
  readonly request: ServerRequest
  readonly destination: string
}

interface Downloaded {
  readonly bytes: number
  readonly createdAt: string
}

/** The file appears when all of it has come and its checksum is right. */
async function download(
  context: CommandContext,
  flags: BackUpFlags,
  { client, request, destination }: Download,
): Promise<Downloaded> {
  return interruptible(async signal =>
    client.read({ ...request, signal }, 'application/octet-stream', async (body, total) => {
      const bar = await startProgress(context, flags, { title: 'Bytes of the backup', total })
      const file = await ReplacementFile.beside(destination)
      try {
        const check = new BackupCheck()
        let bytes = 0
        for await (const piece of body) {
          check.push(piece)
          await file.writeBytes(piece)
          bar.update((bytes += piece.length))
        }
        const { createdAt } = check.end()
        await file.create(flags.force)
        return { bytes, createdAt }
      } finally {
        bar.stop()
        await file.discard()
      }
    }),
  )
}
