import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { ErrorRequestHandler, Express, Request, Response } from 'express'
import { SecretsManager } from '@st/secrets-core'
import { jsonAnswer, startScriptedServer } from '@st/test-servers'
import { addErrorHandler, addModelRoutes, openSecrets } from './express-routes.ts'

/** As much of Express 5 as the routes use: what an asynchronous handler rejects with goes to the error handler. */
class ExpressStandIn {
  readonly server: Server = createServer((request, bare) => {
    const response = Object.assign(bare, {
      status: (code: number) => Object.assign(response, { statusCode: code }),
      json: (body: unknown) => response.end(JSON.stringify(body)),
    })
    // These two have what the routes call of the real ones.
    const exchange = [request as Request, response as unknown as Response] as const
    this.#route(...exchange).catch((error: unknown) => this.#onError(error, ...exchange, () => {}))
  })
  #route: (request: Request, response: Response) => Promise<void> = async () => {}
  #onError: ErrorRequestHandler = () => {}

  get(_path: string, handler: (request: Request, response: Response) => Promise<void>): void {
    this.#route = handler
  }

  use(handler: ErrorRequestHandler): void {
    this.#onError = handler
  }
}

async function answerOfModels(): Promise<{ readonly status: number; readonly body: unknown }> {
  const standIn = new ExpressStandIn()
  // Express has much more, which nobody calls here.
  const app = standIn as unknown as Express
  openSecrets()
  addModelRoutes(app)
  addErrorHandler(app)
  await once(standIn.server.listen(0, '127.0.0.1'), 'listening')
  try {
    // It listens on a port.
    const { port } = standIn.server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}/models`)
    return { status: response.status, body: await response.json() }
  } finally {
    standIn.server.closeAllConnections()
    standIn.server.close()
    await SecretsManager.reset()
  }
}

test('calls the API with the token, and never logs it', async t => {
  const logged: unknown[] = []
  t.mock.method(console, 'error', (entry: unknown) => void logged.push(entry))
  let isWorking = true
  await using hub = await startScriptedServer(({ headers }) =>
    isWorking ? jsonAnswer(200, ['model']) : jsonAnswer(500, { rejected: headers['authorization'] }),
  )
  process.env['HUB_URL'] = hub.url

  deepEqual(await answerOfModels(), { status: 501, body: { error: 'internal' } })

  process.env['HF_TOKEN'] = 'hf_canary_of_the_hub'
  deepEqual(await answerOfModels(), { status: 200, body: ['model'] })
  equal(hub.requests[0]?.headers['authorization'], 'Bearer hf_canary_of_the_hub')

  isWorking = false
  deepEqual(await answerOfModels(), { status: 500, body: { error: 'internal' } })
  match(inspect(logged), /The hub answered 500: .*Bearer \[HF_TOKEN\]/)
  doesNotMatch(inspect(logged), /canary/)
})
