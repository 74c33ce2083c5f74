import { setTimeout as delay } from 'node:timers/promises'
import type { RotationProgress } from './rotation-progress.ts'

/** Where the events come from, and when they end. */
export interface RotationEventsOptions {
  /** How far it has come; `undefined` when there is no rotation. */
  readonly look: () => Promise<RotationProgress | undefined>
  /** Ends the events. */
  readonly signal: AbortSignal
  /** Milliseconds between two looks. Default: 500. */
  readonly lookMs?: number | undefined
  /** Looks without news after which something is sent all the same. Default: 30. */
  readonly quietLooks?: number | undefined
  /** Looks after which the browser has to come again, with rights that may have changed. Default: 600. */
  readonly looks?: number | undefined
}

/**
 * How a rotation goes on, as server-sent events (WHATWG HTML, "Server-sent events"): `progress` whenever it has come
 * further, `end` when it is over or there is none. The state is read from the database, whichever instance does the work.
 */
export async function* rotationEvents(options: RotationEventsOptions): AsyncGenerator<string, void> {
  const { quietLooks = 30 } = options
  let last = ''
  let quiet = 0
  // For how long a browser waits before it comes again.
  yield 'retry: 1000\n\n'
  for await (const progress of observations(options)) {
    if (isOver(progress)) {
      yield eventOf('end', progress ?? null)
      return
    }
    const state = stateOf(progress)
    quiet = state === last ? quiet + 1 : 0
    last = state
    if (quiet % quietLooks === 0) yield quiet === 0 ? eventOf('progress', progress) : stillHere
  }
}

async function* observations(options: RotationEventsOptions): AsyncGenerator<RotationProgress | undefined, void> {
  const { look, signal, lookMs = 500, looks = 600 } = options
  for (let count = 0; count < looks && !signal.aborted; count += 1) {
    yield await look()
    await delay(lookMs, undefined, { signal }).catch(() => undefined)
  }
}

/** A comment, so that nobody in between takes the connection for one that is dead. */
const stillHere = ': still here\n\n'

/** What makes news: how fast it goes is another number each time. */
function stateOf(progress: RotationProgress | undefined): string {
  return JSON.stringify({ ...progress, rate: undefined, secondsLeft: undefined })
}

function isOver(progress: RotationProgress | undefined): boolean {
  return progress === undefined || progress.state === 'done' || progress.state === 'failed'
}

function eventOf(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
