import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { describeFailure } from '../describe-failure.ts'
import { actorOf } from '../http/caller.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Services } from '../services.ts'
import { keySince } from './key-age.ts'
import type { KeyRotationStatus } from './key-rotation.ts'
import { KeySchema, RotationSchema } from './key-schema.ts'
import { rotationEvents } from './rotation-events.ts'
import { RotationMeter, type RotationProgress } from './rotation-progress.ts'

const dayMs = 24 * 3_600_000

const events = {
  description: 'Events `progress` with the rotation, then `end` with how it ended.',
  content: { 'text/event-stream': { schema: Type.Unsafe<Readable>(Type.String()) } },
}

/** `/api/keys`: which key encrypts the credentials, and changing it. */
export const keyRoutes: FastifyPluginAsyncTypebox<
  Pick<Services, 'key' | 'keyRotation' | 'rotationRunner' | 'database' | 'folder' | 'now'>
> = async (app, { key, keyRotation, rotationRunner, now = () => new Date(), ...place }) => {
  const tags = ['keys']
  const config = { access: 'admin.keys' } as const
  const meter = new RotationMeter(now)
  const look = async (): Promise<RotationProgress | undefined> => measured(await keyRotation.status())
  const measured = (status: KeyRotationStatus | undefined): RotationProgress | undefined =>
    status && meter.measure(status)
  app.addHook('onReady', async () => rotationRunner.start(error => app.log.error(describeFailure(error))))
  app.addHook('onClose', async () => rotationRunner.stop())

  const viewed = {
    tags,
    summary: 'The key of the credentials, without the key, and its latest rotation',
    response: { 200: KeySchema },
  }
  app.get('/api/keys', { schema: viewed, config }, async () => {
    const description = await key.describe()
    const since = await keySince(place, description)
    const rotation = await look()
    return {
      ...description,
      ...(since === undefined ? {} : { since: since.toISOString(), ageDays: daysBetween(since, now()) }),
      ...(rotation === undefined ? {} : { rotation }),
    }
  })

  const response = { 200: RotationSchema }
  const watched = { tags, summary: 'How far the latest rotation of the key has come', response }
  app.get('/api/keys/rotation', { schema: watched, config }, async () => {
    const progress = await look()
    if (progress !== undefined) return progress
    throw new HttpProblem(404, 'NO_ROTATION', 'The key was never changed.')
  })

  const begun = {
    tags,
    summary: 'Change the key: everything is encrypted anew in the background',
    response: { 202: RotationSchema },
  }
  app.post(
    '/api/keys/rotation',
    { schema: begun, config: { ...config, needsFreshPassword: true } },
    async (request, reply) => {
      const status = await keyRotation.begin(actorOf(request))
      rotationRunner.wake()
      return reply.code(202).send(meter.measure(status))
    },
  )

  const paused = { tags, summary: 'Pause the rotation of the key', response }
  app.post('/api/keys/rotation/pause', { schema: paused, config }, async request =>
    meter.measure(await keyRotation.setPaused(true, actorOf(request))),
  )

  const resumed = { tags, summary: 'Let the rotation of the key go on', response }
  app.post('/api/keys/rotation/resume', { schema: resumed, config }, async request => {
    const status = await keyRotation.setPaused(false, actorOf(request))
    rotationRunner.wake()
    return meter.measure(status)
  })

  const followed = { tags, summary: 'How the rotation of the key goes on, as it happens', response: { 200: events } }
  app.get(
    '/api/keys/rotation/events',
    // A HEAD would go on as long.
    { schema: followed, config, exposeHeadRoute: false },
    async (_request, reply) => {
      const stream = Readable.from(rotationEvents({ look, signal: app.closing }))
      return reply.type('text/event-stream; charset=utf-8').send(stream)
    },
  )
}

function daysBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / dayMs))
}
