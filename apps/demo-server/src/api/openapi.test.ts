import openapiTS, { astToString } from 'openapi-typescript'
import { describe, expect, it } from 'vitest'
import { runServer } from '../testing/running-server.ts'
import { createApiClient } from './api-client.ts'

/** As many requests as a route has methods; those of the platform's own are not described. */
interface Operation {
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly responses: Readonly<Record<string, unknown>>
  readonly security: readonly unknown[]
}

/** Write them anew with `vitest run -u --project apps/demo-server src/api`. */
describe('the description of the API', () => {
  it('is the one that is checked in, and so are the types of its client', async () => {
    await using server = await runServer()
    const document = await (await server.send('/api/openapi.json')).text()

    await expect(`${JSON.stringify(JSON.parse(document), undefined, 2)}\n`).toMatchFileSnapshot('openapi.json')
    await expect(astToString(await openapiTS(document))).toMatchFileSnapshot('api-types.ts')
  })

  it('names of every request what it does, who may send it and what a refusal is', async () => {
    await using server = await runServer()
    const { openapi, paths } = (await (await server.send('/api/openapi.json')).json()) as {
      readonly openapi: string
      readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
    }

    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => Object.assign(operation, { request: `${method} ${path}` })),
    )
    const incomplete = operations.filter(({ summary, tags, responses }) => {
      const statuses = Object.keys(responses)
      return (
        !summary || tags?.length !== 1 || !statuses.includes('4XX') || !statuses.some(status => /^[23]/.test(status))
      )
    })

    expect(openapi).toBe('3.1.0')
    expect(operations.length).toBeGreaterThan(10)
    expect(incomplete.map(({ request }) => request)).toEqual([])
    expect(new Set(operations.map(({ summary }) => summary)).size).toBe(operations.length)
  })
})

it('the client gives data, or why it was refused', async () => {
  await using server = await runServer({ env: { HF_TOKEN: 'x' } })
  const client = createApiClient({ url: server.url, token: server.admin.token })

  const found = await client.GET('/api/secrets/{key}', { params: { path: { key: 'HF_TOKEN' } } })
  const missing = await client.GET('/api/secrets/{key}', { params: { path: { key: 'a/b' } } })

  expect(found.data).toMatchObject({ key: 'HF_TOKEN', source: 'env' })
  expect(missing.error).toMatchObject({ status: 404, code: 'ST_SECRETS_MISSING' })
})
