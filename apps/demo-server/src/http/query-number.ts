import type { FastifyInstance } from 'fastify'

/**
 * Reads numbers and `true` or `false` in addresses, where a schema names such a type (`Type.Integer()`): all members of
 * an address are text, and schemas convert nothing here. What is written in another way stays text, which the schema
 * refuses.
 */
export function readQueryNumbers(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ routeOptions: { schema }, query, params }) => {
    readMembers(query, schema?.querystring)
    readMembers(params, schema?.params)
  })
}

function readMembers(given: unknown, schema: unknown): void {
  if (!isRecord(given) || !isRecord(schema) || !isRecord(schema['properties'])) return
  for (const [name, member] of Object.entries(schema['properties'])) {
    const text = given[name]
    if (typeof text === 'string' && isRecord(member)) given[name] = valueOf(text, member['type'])
  }
}

function valueOf(text: string, type: unknown): unknown {
  // With more digits a number is not the one that was written.
  if (type === 'integer' && /^-?(0|[1-9]\d{0,14})$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
