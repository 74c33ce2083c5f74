import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { LightMyRequestResponse } from 'fastify'
import { Check } from 'typebox/schema'
import { expect, it } from 'vitest'
import { runServer, type RunningServer, type TestUser } from '../testing/running-server.ts'
import type { Role } from '../users/roles.ts'
import { RandomSource } from './random-source.ts'
import { type JsonSchema, randomValue } from './random-value.ts'

/** More by `ST_LONG_TESTS=1`. */
const requestCount = process.env['ST_LONG_TESTS'] === '1' ? 100_000 : 20_000

/** Names that exist, among those that do not. */
const knownNames = ['me', '1', '2', 'HF_TOKEN', 'A', 'replicate', 'api_token', 'admin', 'admin.users', 'token'] as const

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: JsonSchema
}

interface Operation {
  readonly path: string
  readonly method: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
  >
}

/** Streams do not end, and who signs in changes who the others are. */
const leftOut = new Set(['get /api/keys/rotation/events', 'delete /api/session'])

it(`${requestCount} random requests get no answer but those that the description names, and no failure`, async () => {
  await mkdir(join(homedir(), '.simpletuner'))
  await using server = await runServer({ env: { HF_TOKEN: 'x' }, settings: { rateLimits: noLimits } })
  const operations = await operationsOf(server)
  const random = new RandomSource(20_261_123)
  const senders = new Senders(server)
  const wrong: string[] = []
  const statuses = new Map<number, number>()

  for (let sent = 0; sent < requestCount;) {
    const operation = random.pick(operations)
    if (slow.test(operation.path) && random.happens(0.95)) continue
    const kind = random.pick(kinds)
    const { status, problem } = await sendRandom({ server, operation, sender: await senders.get(kind), random })
    if (status === 401) senders.forget(kind)
    sent += 1
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (problem !== undefined) wrong.push(problem)
  }

  expect(wrong.slice(0, 10)).toEqual([])
  expect(server.failures).toEqual([])
  expect([...statuses.keys()].filter(status => status >= 500)).toEqual([])
  // A test in which everything is refused would show little.
  expect(statuses.get(200)).toBeGreaterThan(requestCount / 20)
  await expect(server.services.audit.verify()).resolves.toMatchObject({ valid: true })
}, 600_000)

/** What hashes a password, or reads the whole log or all tables, takes a hundred times as long as all else. */
const slow =
  /^\/api\/(session|session\/password|first-run|password-reset|audit\/(verify|export|remove-exported)|keys\/rotation|backup|restore)$/

/** Users who are made anew when a request has removed them, or their token. */
class Senders {
  readonly #server: RunningServer
  readonly #known = new Map<Role, TestUser>()
  #count = 0

  constructor(server: RunningServer) {
    this.#server = server
  }

  async get(role: Role | undefined): Promise<TestUser | null> {
    if (role === undefined) return null
    const known = this.#known.get(role)
    if (known !== undefined) return known
    const { users, apiTokens } = this.#server.services
    const name = `${role} ${(this.#count += 1)}`
    const { id } = await users.create({ name, role }, { name: 'test' })
    const { secret: token } = await apiTokens.create(id, { name: 'test' }, { name: 'test' })
    const user = { id, name, password: '', token }
    this.#known.set(role, user)
    return user
  }

  forget(role: Role | undefined): void {
    if (role !== undefined) this.#known.delete(role)
  }
}

const kinds: readonly [Role, ...(Role | undefined)[]] = ['admin', 'admin', 'operator', undefined]

const noLimits = { perMinute: 1e9, signInsPerMinute: 1e9 }

async function operationsOf(server: RunningServer): Promise<readonly [Operation, ...Operation[]]> {
  const document = (await (await server.send('/api/openapi.json')).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'path' | 'method'>>>>>
    readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
  }
  const resolved = resolveReferences(document.paths, document.components.schemas) as typeof document.paths
  const operations = Object.entries(resolved).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => Object.assign(operation, { path, method })),
  )
  const [first, ...more] = operations.filter(({ path, method }) => !leftOut.has(`${method} ${path}`))
  if (first === undefined) throw new Error('the description names no requests')
  return [first, ...more]
}

function resolveReferences(value: unknown, schemas: Readonly<Record<string, JsonSchema>>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(item => resolveReferences(item, schemas))
  if ('$ref' in value) return schemas[String(value.$ref).replace('#/components/schemas/', '')]
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolveReferences(member, schemas)]))
}

interface RandomRequest {
  readonly server: RunningServer
  readonly operation: Operation
  readonly sender: TestUser | null
  readonly random: RandomSource
}

/** Sends one through the server's own parser, without a socket: a hundred times as many can be sent. */
async function sendRandom({ server, operation, sender, random }: RandomRequest): Promise<{
  readonly status: number
  readonly problem?: string
}> {
  const url = randomUrl(operation, random)
  const schema = operation.requestBody?.content['application/json']?.schema
  const body = schema === undefined ? undefined : JSON.stringify(randomValue(random, schema))
  const response = await server.app.inject({
    // Names of methods, by the standard.
    method: operation.method.toUpperCase() as 'GET',
    url,
    headers: {
      // Without a socket there is no other port than the one that was asked for.
      host: '127.0.0.1:0',
      ...(sender === null ? {} : { authorization: `Bearer ${sender.token}` }),
      ...randomHeaders(random),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: body }),
  })
  const fault = faultOf(operation, response)
  const { statusCode: status } = response
  if (fault === undefined) return { status }
  return { status, problem: `${operation.method} ${url} → ${status}: ${fault} ${response.body.slice(0, 200)}` }
}

function randomHeaders(random: RandomSource): Readonly<Record<string, string>> {
  return {
    ...(random.happens(0.6) ? { 'if-match': random.pick(['*', '"0"', '"1"', '"x"', 'W/"1"']) } : {}),
    ...(random.happens(0.1) ? { 'idempotency-key': `k${random.below(50)}` } : {}),
  }
}

/** In which way an answer is not as described. */
function faultOf({ responses }: Operation, { statusCode, headers, body }: LightMyRequestResponse): string | undefined {
  if (statusCode >= 500) return 'the server failed'
  const described = responses[statusCode] ?? responses[`${Math.floor(statusCode / 100)}XX`]
  if (described === undefined) return 'the status is not described'
  const type = headers['content-type']?.replace(/;.*/, '') ?? ''
  return faultOfBody(body, described.content?.[type]?.schema, type)
}

function faultOfBody(body: string, schema: JsonSchema | undefined, type: string): string | undefined {
  const isJson = /^application\/(problem\+)?json$/.test(type)
  if (body === '') return isJson ? 'the body is empty' : undefined
  if (schema === undefined) return `a body of type ${type} is not described`
  return !isJson || Check(schema, JSON.parse(body)) ? undefined : 'the body is not as described'
}

function randomUrl({ path, parameters = [] }: Operation, random: RandomSource): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const schema = parameters.find(parameter => parameter.in === 'path' && parameter.name === name)?.schema ?? {}
    const value = random.happens(0.7) ? random.pick(knownNames) : textOf(randomValue(random, schema))
    return encodeURIComponent(value || 'x')
  })
  const query = parameters.filter(parameter => parameter.in === 'query' && random.happens(0.3))
  const search = new URLSearchParams()
  for (const { name, schema } of query) search.append(name, textOf(randomValue(random, schema)))
  return query.length === 0 ? filled : `${filled}?${search.toString()}`
}

function textOf(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed()
}
