import { promises } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** A call of `node:fs/promises`, or of one of its file handles, that is about to be made. */
export interface SystemCall {
  /** Counts from 1. */
  readonly ordinal: number
  /** `'rename'`, `'FileHandle.sync'`. */
  readonly name: string
  /** Makes the call. */
  readonly proceed: () => Promise<unknown>
  /** Makes half of the call, where that is possible: writes half of a text. */
  readonly proceedHalf: () => Promise<unknown>
}

/** Decides what becomes of a call. */
export type Interceptor = (call: SystemCall) => Promise<unknown>

/** More than the provider uses today, so that a new call in it is not missed. */
const functions =
  'open stat lstat realpath readlink readdir readFile writeFile appendFile access mkdir chmod chown rename rm unlink link'
const methods = 'stat chmod chown read readFile write writeFile truncate sync datasync'

let interceptor: Interceptor | undefined
let calls = 0
let installed: Promise<void> | undefined

/** Hands every call to an interceptor while something runs; returns how many there were. */
export async function intercepting(decide: Interceptor, run: () => Promise<unknown>): Promise<number> {
  installed ??= install()
  await installed
  calls = 0
  interceptor = decide
  try {
    await run()
  } finally {
    interceptor = undefined
  }
  return calls
}

/** A failure as the system reports it. */
export function systemError(code: string, call: string): Error {
  return Object.assign(new Error(`${code}: injected, ${call}`), { code, syscall: call })
}

type AnyFunction = (this: unknown, ...args: unknown[]) => Promise<unknown>

async function install(): Promise<void> {
  const handle = await promises.open(process.execPath)
  // Both are objects whose members are functions that return promises; nobody exports the class of file handles.
  wrap(promises as unknown as Record<string, AnyFunction>, functions, '')
  wrap(Object.getPrototypeOf(handle) as Record<string, AnyFunction>, methods, 'FileHandle.')
  syncBuiltinESMExports()
  await handle.close()
}

function wrap(target: Record<string, AnyFunction>, names: string, prefix: string): void {
  for (const name of names.split(' ')) {
    const original = target[name]
    if (original) target[name] = intercepted(prefix + name, original)
  }
}

function intercepted(name: string, original: AnyFunction): AnyFunction {
  return async function (this: unknown, ...args: unknown[]) {
    if (interceptor === undefined) return original.apply(this, args)
    calls += 1
    return interceptor({
      ordinal: calls,
      name,
      proceed: async () => withClose(await original.apply(this, args)),
      proceedHalf: async () => (name === 'FileHandle.writeFile' ? original.call(this, halfOf(args[0])) : undefined),
    })
  }
}

/** The one method that each file handle has for itself. */
function withClose(result: unknown): unknown {
  if (typeof result === 'object' && result !== null && 'close' in result && 'fd' in result) {
    // It is a file handle.
    const handle = result as { close: AnyFunction }
    handle.close = intercepted('FileHandle.close', handle.close)
  }
  return result
}

function halfOf(text: unknown): string {
  const whole = String(text)
  return whole.slice(0, whole.length / 2)
}
