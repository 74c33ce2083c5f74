import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { closed, noContent } from '../http/answer-schemas.ts'
import { actorOf, callerOf, sessionOf, signInNeeded } from '../http/caller.ts'
import { signInLimit } from '../http/rate-limits.ts'
import { sessionCookie } from '../http/route-access.ts'
import type { ServerSettings } from '../server-settings.ts'
import type { Services } from '../services.ts'
import { MeSchema, PasswordSchema, UserNameSchema } from './user-schema.ts'

/** What the routes need. */
export interface SessionRoutesOptions {
  readonly services: Pick<Services, 'signIn' | 'sessions' | 'oneTimeTokens' | 'access'>
  readonly settings: Pick<ServerSettings, 'rateLimits'>
}

const SignInSchema = Type.Object({ name: UserNameSchema, password: PasswordSchema }, closed)
const TokenSchema = Type.String({ minLength: 1, maxLength: 200, description: 'The one-time token.' })
const FirstRunSchema = Type.Object({ token: TokenSchema, name: UserNameSchema, password: PasswordSchema }, closed)
const ResetSchema = Type.Object({ token: TokenSchema, password: PasswordSchema }, closed)
const AgainSchema = Type.Object({ password: PasswordSchema }, closed)
const ChangeSchema = Type.Object({ current: PasswordSchema, next: PasswordSchema }, closed)

/** `/api/session`, `/api/first-run`, `/api/password`: signing in and out, and passwords. */
export const sessionRoutes: FastifyPluginAsyncTypebox<SessionRoutesOptions> = async (app, { services, settings }) => {
  const { signIn, sessions, oneTimeTokens, access } = services
  const tags = ['session']
  const guessable = { access: 'anyone', rateLimit: signInLimit(settings.rateLimits) } as const

  app.post(
    '/api/first-run',
    {
      schema: {
        tags,
        summary: 'Make the first administrator with the token that the server printed',
        body: FirstRunSchema,
        response: { 201: Type.Object({ name: Type.String() }) },
      },
      config: guessable,
    },
    async (request, reply) => {
      const { token, name, password } = request.body
      const user = await oneTimeTokens.createAdministrator(token, { name, password }, actorOf(request))
      return reply.code(201).send({ name: user.name })
    },
  )

  app.post(
    '/api/session',
    {
      schema: { tags, summary: 'Sign in; answers with a cookie', body: SignInSchema, response: { 201: MeSchema } },
      config: guessable,
    },
    async (request, reply) => {
      const { userId, secret } = await signIn.signIn(request.body, actorOf(request))
      const me = await access.of(userId)
      // Disabled in this very moment.
      if (me === undefined) throw signInNeeded()
      setSessionCookie(reply, secret)
      return reply.code(201).send(me)
    },
  )

  app.get(
    '/api/session',
    { schema: { tags, summary: 'Who is signed in', response: { 200: MeSchema } }, config: { access: 'signed-in' } },
    async request => callerOf(request).access,
  )

  app.delete(
    '/api/session',
    { schema: { tags, summary: 'Sign out', response: noContent }, config: { access: 'signed-in' } },
    async (request, reply) => {
      await sessions.end(sessionOf(request), actorOf(request))
      return reply.clearCookie(sessionCookie, cookieOptions).code(204).send(null)
    },
  )

  app.post(
    '/api/session/password',
    {
      schema: {
        tags,
        summary: 'Give the password again, for what takes a fresh sign-in',
        body: AgainSchema,
        response: noContent,
      },
      config: { access: 'signed-in', rateLimit: signInLimit(settings.rateLimits) },
    },
    async (request, reply) => {
      await signIn.authenticateAgain(sessionOf(request), request.body.password, actorOf(request))
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/api/session/password',
    {
      schema: {
        tags,
        summary: 'Change one’s own password; ends all other sessions',
        body: ChangeSchema,
        response: noContent,
      },
      config: { access: 'signed-in', rateLimit: signInLimit(settings.rateLimits) },
    },
    async (request, reply) => {
      await signIn.changePassword(sessionOf(request), request.body, actorOf(request))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/password-reset',
    {
      schema: {
        tags,
        summary: 'Set a new password with a one-time token; ends all sessions',
        body: ResetSchema,
        response: noContent,
      },
      config: guessable,
    },
    async (request, reply) => {
      await oneTimeTokens.setPassword(request.body.token, request.body.password, actorOf(request))
      return reply.code(204).send(null)
    },
  )
}

const cookieOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const

/** Until the browser is closed; the server ends it before that. */
function setSessionCookie(reply: FastifyReply, secret: string): void {
  reply.setCookie(sessionCookie, secret, cookieOptions)
}
