import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A running moto. */
export interface MotoServer extends AsyncDisposable {
  /** Endpoint of every AWS service. */
  readonly url: string
}

/** Ends when its standard input does, so that it never outlives the test run, not even one that was killed. */
const program = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto.server import main
main(['-H', '127.0.0.1', '-p', '0'])
`

/** Starts moto on a free port of 127.0.0.1. */
export async function startMoto({ path }: { readonly path: string }): Promise<MotoServer> {
  const child = spawn(path, ['-c', program], { stdio: ['pipe', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const said: string[] = []
  for await (const line of createInterface(child.stderr)) {
    said.push(line)
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? []
    if (url === undefined) continue
    child.stderr.resume()
    return {
      url,
      [Symbol.asyncDispose]: async () => {
        child.stdin.end()
        await exited
      },
    }
  }
  throw new Error(`moto did not start:\n${said.join('\n')}`)
}
