// Routes of an Express application that call an API with a token, and an error handler that logs without showing it.
import type { Express, NextFunction, Request, Response } from 'express'
import { EnvironmentSecretProvider } from '@st/provider-env'
import { FileSecretProvider } from '@st/provider-file'
import { getSecretsManager, SecretMissingError, SecretsManager, setSecretsManager } from '@st/secrets-core'
import { createRedactor } from '@st/secrets-core/redactor'

// Knows every value that the manager has handed out.
const redactor = createRedactor()

/** At start-up, once. Any module can ask `getSecretsManager()` from then on. */
export function openSecrets(): void {
  const file = new FileSecretProvider({ filePath: process.env['SECRETS_FILE'] })
  setSecretsManager(new SecretsManager({ providers: [new EnvironmentSecretProvider(), file], redactor }))
  process.once('SIGTERM', () => void SecretsManager.reset())
}

export function addModelRoutes(app: Express): void {
  app.get('/models', async (_request, response) => {
    const token = await getSecretsManager().require('HF_TOKEN')
    const url = new URL('/api/models', process.env['HUB_URL'] ?? 'https://huggingface.co')
    const models = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    if (!models.ok) throw new Error(`The hub answered ${models.status}: ${await models.text()}`)
    response.status(200).json(await models.json())
  })
}

/** After all routes. Express 5 calls it with what an asynchronous handler rejects with, too. */
export function addErrorHandler(app: Express): void {
  // oxlint-disable-next-line max-params -- Express knows error handlers by their four parameters
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    console.error(redactor.value(error))
    response.status(SecretMissingError.isInstance(error) ? 501 : 500).json({ error: 'internal' })
  })
}
