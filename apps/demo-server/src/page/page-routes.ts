import { readFileSync } from 'node:fs'
import type { FastifyPluginAsync } from 'fastify'
import type { SecretRoutesOptions } from '../secrets/secret-routes.ts'
import { wellKnownKeys } from '../secrets/secret-view.ts'
import { overviewPage } from './overview-page.ts'

/** `/`: the page, made anew for each request from what the sources say then. */
export const pageRoutes: FastifyPluginAsync<SecretRoutesOptions> = async (app, { secrets, changes }) => {
  const style = readFileSync(new URL('style.css', import.meta.url))

  app.get('/', async (request, reply) => {
    const list = await secrets.list({ include: wellKnownKeys, fresh: true })
    const latest = await changes.latest(10)
    const overview = {
      list,
      providers: secrets.providers,
      changes: latest,
      secretsFile: secrets.getSecretsFilePath(),
      origin: `http://${request.headers.host}`,
    }
    return reply.type('text/html; charset=utf-8').send(overviewPage(overview).toString())
  })

  app.get('/style.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(style))
}
