import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { HARDWARE_PROFILES } from '@st/hardware-info'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { closed, list } from '../http/answer-schemas.ts'
import { actorOf } from '../http/caller.ts'
import { expectedVersion, sendVersion } from '../http/etag.ts'
import type { Services } from '../services.ts'
import { hardwareCost } from './hardware-cost.ts'
import type { VersionedHardwareInfo } from './hardware-prices.ts'

/** What hardware costs. */
export const PriceSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200, description: 'For people.' }),
    cost_per_second: Type.Number({ minimum: 0, description: 'US dollars.' }),
  },
  closed,
)
const IdSchema = Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]*$' })
const NewPricesSchema = Type.Object(
  {
    hardware: Type.Record(IdSchema, PriceSchema, {
      ...closed,
      maxProperties: 1000,
      description: 'By identifier. Empty: the default prices are in force again.',
    }),
  },
  closed,
)
const PricesSchema = Type.Object({
  hardware: Type.Record(Type.String(), Type.Object({ name: Type.String(), cost_per_second: Type.Number() })),
  isConfigured: Type.Boolean({ description: 'Or the default prices are in force.' }),
  version: Type.Integer({ description: 'The same as the `ETag`.' }),
  profiles: list(
    Type.Object({
      id: Type.String(),
      label: Type.String({ description: 'For people.' }),
      hardware: Type.String({ description: 'Of the prices.' }),
      gpus: Type.Integer(),
    }),
  ),
})
const duration = Type.Number({ minimum: 0, maximum: 1e12, description: 'Give this or the other.' })
/** What is to be computed. */
export const UsageSchema = Type.Object(
  {
    hardware: Type.Optional(Type.String({ maxLength: 100, description: 'Of the prices; this or a profile.' })),
    profile: Type.Optional(Type.String({ maxLength: 100, description: 'Such as `h100-x2`.' })),
    gpus: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100_000, description: 'Default: 1; a profile says it itself.' }),
    ),
    seconds: Type.Optional(duration),
    hours: Type.Optional(duration),
    digits: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 20, description: 'Behind the point. Default: nothing is rounded.' }),
    ),
  },
  closed,
)
const CostSchema = Type.Object({
  cost: Type.String({ description: 'US dollars, as decimal digits.' }),
  hardware: Type.String(),
  gpus: Type.Integer(),
  costPerSecond: Type.Number({ description: 'Of one GPU.' }),
  version: Type.Integer({ description: 'Of the prices.' }),
})

/** `/api/hardware`: what GPUs cost, and what their use comes to (R81–R86). */
export const hardwareRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'hardwarePrices'>> = async (
  app,
  { hardwarePrices },
) => {
  const tags = ['hardware']

  const viewed = { tags, summary: 'What GPUs cost', response: { 200: PricesSchema } }
  app.get('/api/hardware', { schema: viewed, config: { access: 'api.access' } }, async (_, reply) =>
    sendPrices(reply, await hardwarePrices.get()),
  )

  const replaced = {
    tags,
    summary: 'Replace the prices; takes If-Match',
    body: NewPricesSchema,
    response: { 200: PricesSchema },
  }
  app.put('/api/hardware', { schema: replaced, config: { access: 'provider.configure' } }, async (request, reply) => {
    const { hardware } = request.body
    const change = { hardware, expectedVersion: expectedVersion(request), actor: actorOf(request) }
    return sendPrices(reply, await hardwarePrices.replace(change))
  })

  const calculated = {
    tags,
    summary: 'What the use of hardware costs, in exact decimals; changes nothing',
    body: UsageSchema,
    response: { 200: CostSchema },
  }
  app.post('/api/hardware/cost', { schema: calculated, config: { access: 'api.access' } }, async request => {
    const { hardware, version } = await hardwarePrices.get()
    return { ...hardwareCost(hardware, request.body), version }
  })
}

const profiles = Object.values(HARDWARE_PROFILES)

function sendPrices(reply: FastifyReply, prices: VersionedHardwareInfo): FastifyReply {
  sendVersion(reply, prices.version)
  return reply.send({ ...prices, profiles })
}
