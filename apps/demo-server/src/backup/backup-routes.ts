import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { closed } from '../http/answer-schemas.ts'
import { allowLongBody } from '../http/body-time.ts'
import { actorOf } from '../http/caller.ts'
import { HttpProblem } from '../http/problem.ts'
import { forgetEverything } from '../follow-invalidations.ts'
import type { Services } from '../services.ts'
import { downloadBackup, type BackupOptions } from './create-backup.ts'
import { limitedUpload } from './limited-upload.ts'
import { restoreUpload } from './restore-backup.ts'

/** What a larger one is restored with is the command, which reads a file. */
const largestUpload = 2 * 1024 ** 3

const octets = 'application/octet-stream'
const described = {
  description: 'The backup: lines of JSON, the last of which holds a checksum of the others.',
  content: { [octets]: { schema: Type.Unsafe<Readable>(Type.String()) } },
}
const SealSchema = Type.Object(
  {
    passphrase: Type.String({ minLength: 12, maxLength: 1000, description: 'Seals the keys in it.' }),
  },
  closed,
)
const UploadHeadersSchema = Type.Object({
  'backup-passphrase': Type.Optional(
    Type.String({
      maxLength: 4000,
      pattern: '^[A-Za-z0-9+/_-]+={0,2}$',
      description: 'What the keys in it are sealed with: UTF-8 as base64.',
    }),
  ),
})
const RestoredSchema = Type.Object({
  createdAt: Type.String({ description: 'When the backup was made.' }),
  rows: Type.Record(Type.String(), Type.Integer(), { description: 'By table.' }),
  undecryptable: Type.Integer({ description: 'Values that did not decrypt when the backup was made either.' }),
  log: Type.String({ description: 'Which audit log there is now: `kept`, or that of the backup, `restored`.' }),
})

/** `/api/backup`: everything as one file, and putting it back. The keys are in it only if a passphrase seals them. */
export const backupRoutes: FastifyPluginAsyncTypebox<
  Pick<Services, 'database' | 'audit' | 'auditKey' | 'auditKeyFile' | 'key' | 'folder' | 'now'>
> = async (app, services) => {
  const tags = ['backup']
  const config = { access: 'admin.backup', needsFreshPassword: true, givesSecret: true } as const
  const send = async (reply: FastifyReply, options: BackupOptions): Promise<FastifyReply> => {
    const { summary, bytes, stream } = await downloadBackup(services, options)
    const name = `st-backup-${summary.createdAt.slice(0, 10)}.jsonl`
    reply.type(octets).header('content-length', bytes)
    return reply.header('content-disposition', `attachment; filename="${name}"`).send(stream)
  }

  const downloaded = {
    tags,
    summary: 'Download a backup without the keys, for a server that has them',
    response: { 200: described },
  }
  // A HEAD would record a backup that was none.
  app.get('/api/backup', { schema: downloaded, config, exposeHeadRoute: false }, async (request, reply) =>
    send(reply, { actor: actorOf(request) }),
  )

  const sealed = {
    tags,
    summary: 'Download a backup with the keys, which a passphrase seals',
    body: SealSchema,
    response: { 200: described },
  }
  app.post('/api/backup', { schema: sealed, config }, async (request, reply) =>
    send(reply, { actor: actorOf(request), passphrase: request.body.passphrase }),
  )

  app.addContentTypeParser(octets, (_request, payload, done) => done(null, payload))
  const restored = {
    tags,
    summary: 'Put a backup in the place of everything; everybody has to sign in again',
    headers: UploadHeadersSchema,
    body: { content: { [octets]: { schema: Type.Unsafe<Readable>({}) } } },
    response: { 200: RestoredSchema },
  }
  app.post(
    '/api/backup/restore',
    { schema: restored, config: { ...config, givesSecret: false, bodyType: octets } },
    async request => {
      const { body, headers } = request
      allowLongBody(request.raw)
      if (!(body instanceof Readable)) throw new HttpProblem(400, 'NO_BACKUP', `Send the backup as ${octets}.`)
      // A key of the audit log can be exchanged only while no server signs with the one of before.
      const context = { ...services, auditKeyFile: undefined }
      return restoreUpload(Readable.from(limitedUpload(body, largestUpload)), context, {
        actor: actorOf(request),
        passphrase: passphraseOf(headers['backup-passphrase']),
        onRestored: forgetEverything,
      })
    },
  )
}

function passphraseOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : Buffer.from(header, 'base64').toString()
}
