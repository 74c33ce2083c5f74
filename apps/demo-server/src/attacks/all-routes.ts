import type { FastifyInstance } from 'fastify'

/** The parts of JSON Schema that requests are described with. */
export interface RequestSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly RequestSchema[]
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly minimum?: number
  readonly properties?: Readonly<Record<string, RequestSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | RequestSchema
  readonly items?: RequestSchema
}

/** A member of an address. */
export interface RouteParameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: RequestSchema
}

/** A route as the server describes it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its parameters in braces. */
  readonly path: string
  readonly parameters: readonly RouteParameter[]
  /** Absent where it takes none. */
  readonly body?: RequestSchema
  /** Media type of the body; JSON where it takes none. */
  readonly bodyType: string
  /** Whether strangers may use it. */
  readonly isOpen: boolean
  /** The permission that it takes; absent where it takes none. */
  readonly permission?: string
}

interface Operation {
  readonly parameters?: readonly RouteParameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: RequestSchema }>> }
  readonly security?: readonly unknown[]
  readonly 'x-permission'?: string
}

/** Every route of the server, those of later too. */
export function allRoutes(app: FastifyInstance): readonly Route[] {
  // What the description of the API is made of (OpenAPI 3.1).
  const { paths = {} } = app.swagger() as { readonly paths?: Record<string, Record<string, Operation>> }
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => routeOf(method, path, operation)),
  )
}

/** The routes that change something. */
export function changingRoutes(app: FastifyInstance): readonly Route[] {
  return allRoutes(app).filter(({ method }) => method !== 'GET')
}

/** The address of a route, its parameters filled in. */
export function addressOf({ path, parameters }: Route, values: Readonly<Record<string, string | number>>): string {
  const query = parameters
    .filter(parameter => parameter.in === 'query' && parameter.required === true)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(exampleOf(schema)))}`)
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? '1'))
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`
}

/** A value that a schema allows, as small as it may be. */
export function exampleOf(schema: RequestSchema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.anyOf?.[0] !== undefined) return exampleOf(schema.anyOf[0])
  if (schema.type === 'object') return exampleObject(schema)
  if (schema.type === 'string') return exampleText(schema)
  return examples[schema.type ?? ''] ?? schema.minimum ?? 1
}

const examples: Readonly<Record<string, unknown>> = { array: [], boolean: true }

function exampleObject({ required = [], properties = {} }: RequestSchema): object {
  return Object.fromEntries(required.map(name => [name, exampleOf(properties[name] ?? {})]))
}

function exampleText({ format, minLength = 0 }: RequestSchema): string {
  return format === 'date-time' ? '2030-01-01T00:00:00Z' : 'attack on a text'.padEnd(minLength, 'x')
}

function routeOf(method: string, path: string, operation: Operation): Route {
  const [bodyType = 'application/json', media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const body = media?.schema
  const permission = operation['x-permission']
  return {
    // Fastify has no others here.
    method: method.toUpperCase() as Route['method'],
    path,
    parameters: operation.parameters ?? [],
    bodyType,
    isOpen: operation.security?.length === 0,
    ...(body === undefined ? {} : { body }),
    ...(permission === undefined ? {} : { permission }),
  }
}
