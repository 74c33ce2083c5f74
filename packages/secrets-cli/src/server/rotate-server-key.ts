import { setTimeout as delay } from 'node:timers/promises'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { Interruption } from '../interruption.ts'
import { interruptible } from '../interruptible.ts'
import { printable } from '../printable.ts'
import { startProgress } from '../progress.ts'
import { keyShape, type KeyView, rotationShape, type RotationView } from './rotation-view.ts'
import { type ServerClient, serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Flags of `rotate-key`. */
export interface RotateServerKeyFlags extends ServerFlags {
  readonly status: boolean
  readonly pause: boolean
  readonly resume: boolean
  readonly wait: boolean
}

const path = 'api/keys/rotation'
/** Milliseconds before the first look, and the most between two. */
const [firstLookMs, longestMs] = [100, 1000]

/** Changes the key of a server's credentials and waits until everything is encrypted anew; or looks, pauses, goes on. */
export async function rotateServerKey(context: CommandContext, flags: RotateServerKeyFlags): Promise<void> {
  const { status, pause, resume } = flags
  if ([status, pause, resume].filter(Boolean).length > 1) {
    throw new CliError(exitCodes.usage, '--status, --pause and --resume do not go together.')
  }
  const client = await serverClient(context, flags)
  if (status) await tellStatus(context, flags, client)
  else if (pause) await tellRotation(context, flags, await send(client, `${path}/pause`))
  else await change(context, flags, client)
}

async function tellStatus(context: CommandContext, flags: RotateServerKeyFlags, client: ServerClient): Promise<void> {
  const output = context.output(flags)
  const key = await client.ask({ path: 'api/keys' }, keyShape)
  if (output.isJson) await output.json({ key })
  else await output.data(`${keyLines(key).map(printable).join('\n')}\n`)
}

function send(client: ServerClient, where: string): Promise<RotationView> {
  return client.ask({ method: 'POST', path: where }, rotationShape)
}

async function change(context: CommandContext, flags: RotateServerKeyFlags, client: ServerClient): Promise<void> {
  const begun = await send(client, flags.resume ? `${path}/resume` : path)
  const last = flags.wait ? await watched(context, flags, { client, begun }) : begun
  await tellRotation(context, flags, last)
  if (last.state === 'failed') context.process.exitCode = exitCodes.unusable
  else if (flags.wait && last.isPaused && last.state !== 'done') context.process.exitCode = exitCodes.conflict
}

interface Watch {
  readonly client: ServerClient
  readonly begun: RotationView
}

/** Until it has ended, or somebody has paused it. The server goes on without this program. */
async function watched(context: CommandContext, flags: RotateServerKeyFlags, watch: Watch): Promise<RotationView> {
  const { id, total } = watch.begun
  const bar = await startProgress(context, flags, { title: 'Changing the key', total })
  try {
    return await interruptible(async signal =>
      looks(watch, signal, ({ progress }) => bar.update(Math.round(progress * total))),
    )
  } catch (error) {
    if (error instanceof CliError || error instanceof Interruption) {
      const output = context.output(flags)
      await output.warning(
        `Rotation ${id} goes on at ${watch.client.address}; --status tells how far, --pause stops it.`,
      )
    }
    throw error
  } finally {
    bar.stop()
  }
}

async function looks(
  { client, begun }: Watch,
  signal: AbortSignal,
  onProgress: (rotation: RotationView) => void,
): Promise<RotationView> {
  let rotation = begun
  for (let pauseMs = firstLookMs; isGoingOn(rotation); pauseMs = Math.min(2 * pauseMs, longestMs)) {
    // Its own error says nothing that the signal does not.
    await delay(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    rotation = await client.ask({ path, signal }, rotationShape)
    onProgress(rotation)
  }
  return rotation
}

function isGoingOn({ state, isPaused }: RotationView): boolean {
  return !isPaused && state !== 'done' && state !== 'failed'
}

async function tellRotation(
  context: CommandContext,
  flags: RotateServerKeyFlags,
  rotation: RotationView,
): Promise<void> {
  const output = context.output(flags)
  if (output.isJson) await output.json({ rotation })
  else await output.data(`${printable(rotationLine(rotation))}\n`)
}

function keyLines({ rotation, ...key }: KeyView): readonly string[] {
  const age = key.ageDays === null ? '' : `, ${key.ageDays} days old`
  return [
    `Key ${key.fingerprint} from ${key.source === 'file' ? 'a file' : `the ${key.source}`}${age}`,
    ...(key.previousFingerprint === null ? [] : [`Key ${key.previousFingerprint} of before is still needed`]),
    ...(key.nextFingerprint === null ? [] : [`Key ${key.nextFingerprint} is the next`]),
    ...(key.advice === null ? [] : [key.advice]),
    rotation === null ? 'The key was never changed.' : rotationLine(rotation),
  ]
}

function rotationLine(rotation: RotationView): string {
  const { id, state, isPaused, total, failed, fingerprint, progress, secondsLeft } = rotation
  const name = `Rotation ${id} to key ${fingerprint}`
  if (state === 'done') return `${name} is done: ${total} values.`
  if (state === 'failed') return `${name} has failed: ${failed} of ${total} values cannot be decrypted.`
  const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`
  return `${name} ${isPaused ? 'is paused' : 'goes on'}: ${state}, ${Math.floor(100 * progress)} % of ${total} values${left}.`
}
