import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { closed, list } from '../http/answer-schemas.ts'
import { actorOf } from '../http/caller.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Services } from '../services.ts'
import { CacheHistorySchema, CacheNameSchema, CacheSchema, ClearedSchema, ClearSchema } from './cache-schema.ts'
import type { CacheSelection } from './server-cache.ts'

/** `/api/caches`: how full they are, how often they answer, and clearing them. */
export const cacheRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'caches' | 'cacheHistory'>> = async (
  app,
  { caches, cacheHistory },
) => {
  const tags = ['caches']
  const params = Type.Object({ name: CacheNameSchema })
  app.addHook('onReady', async () => {
    caches.start()
    cacheHistory.start()
  })
  app.addHook('onClose', async () => {
    cacheHistory.stop()
    caches.stop()
  })

  const listed = {
    tags,
    summary: 'Every cache, and how often it answers',
    response: { 200: Type.Object({ caches: list(CacheSchema) }) },
  }
  app.get('/api/caches', { schema: listed, config: { access: 'api.access' } }, async () => ({
    caches: caches.all.map(cache => {
      const figures = cache.figures()
      const told = { name: cache.name, loads: cacheHistory.loadTimes(cache.name) }
      return figures === undefined ? told : { ...told, figures }
    }),
  }))

  const traced = {
    tags,
    summary: 'What happened in a cache, oldest first',
    params,
    querystring: Type.Object(
      { window: Type.Optional(Type.Enum(['300', '3600', '86400'], { default: '300', description: 'Seconds back.' })) },
      closed,
    ),
    response: { 200: CacheHistorySchema },
  }
  app.get('/api/caches/:name/history', { schema: traced, config: { access: 'api.access' } }, async request => {
    const { name } = caches.named(request.params.name)
    return { points: cacheHistory.points(name, windowOf[request.query.window ?? '300']) }
  })

  const cleared = {
    tags,
    summary: 'Clear a cache or a part of it in all instances, or count first',
    params,
    body: ClearSchema,
    response: { 200: ClearedSchema },
  }
  app.post('/api/caches/:name/invalidate', { schema: cleared, config: { access: 'cache.clear' } }, async request => {
    const { dryRun = false, ...members } = request.body
    const selection = selectionOf(members)
    const { name } = request.params
    const count = dryRun ? caches.named(name).count(selection) : await caches.clear(name, selection, actorOf(request))
    return { count, dryRun }
  })
}

const windowOf = { '300': 300, '3600': 3600, '86400': 86_400 } as const

function selectionOf({
  key,
  prefix,
  all,
}: {
  readonly key?: string
  readonly prefix?: string
  readonly all?: true
}): CacheSelection {
  const given: readonly CacheSelection[] = [
    ...(key === undefined ? [] : [{ key }]),
    ...(prefix === undefined ? [] : [{ prefix }]),
    ...(all === undefined ? [] : [{ all }]),
  ]
  const [selection, ...more] = given
  if (selection !== undefined && more.length === 0) return selection
  throw new HttpProblem(400, 'INVALID_SELECTION', 'Name one of key, prefix and all.')
}
