import { inspect } from 'node:util'

type Listener = (text: string) => void

const listeners = new Set<Listener>()
const methods = ['debug', 'dir', 'error', 'info', 'log', 'trace', 'warn'] as const
let restore: (() => void) | undefined

/** What is printed while the function runs, by whatever runs in this process; it is printed all the same. */
export async function printedWhile(run: () => Promise<void>): Promise<string> {
  const texts: string[] = []
  const listener: Listener = text => texts.push(text)
  // One recording for all who listen: two that end in the order in which they began would undo each other.
  restore ??= record()
  listeners.add(listener)
  try {
    await run()
    return texts.join('\n')
  } finally {
    listeners.delete(listener)
    if (listeners.size === 0) {
      restore()
      restore = undefined
    }
  }
}

function record(): () => void {
  const console = globalThis.console
  const restores = [
    ...methods.map(method => tap(console, method)),
    tap(process.stdout, 'write'),
    tap(process.stderr, 'write'),
    tap(process, 'emitWarning'),
  ]
  return () => {
    for (const undo of restores) undo()
  }
}

/** Has listeners told what a method is called with. */
function tap<Name extends string>(target: Record<Name, (...args: never[]) => unknown>, name: Name): () => void {
  const original = target[name]
  target[name] = (...args) => {
    const text = args.map(textOf).join(' ')
    for (const listener of listeners) listener(text)
    return Reflect.apply(original, target, args)
  }
  return () => {
    target[name] = original
  }
}

function textOf(printed: unknown): string {
  if (typeof printed === 'string') return printed
  return printed instanceof Uint8Array ? Buffer.from(printed).toString() : inspect(printed, { depth: 20 })
}
