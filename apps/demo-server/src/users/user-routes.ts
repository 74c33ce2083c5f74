import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { closed, list, noContent } from '../http/answer-schemas.ts'
import { actorOf, callerOf } from '../http/caller.ts'
import { nextCursor, pageQuery } from '../http/cursor.ts'
import { expectedVersion, sendVersion } from '../http/etag.ts'
import type { Services } from '../services.ts'
import { type Permission, permissionsWith, type Role, roles } from './roles.ts'
import {
  IdSchema,
  NewUserSchema,
  OneTimeTokenSchema,
  PermissionSchema,
  RoleSchema,
  UserChangeSchema,
  UserParamsSchema,
  UserPermissionsSchema,
  UserSchema,
} from './user-schema.ts'
import type { User } from './users.ts'

const RoleListSchema = Type.Object({
  roles: list(Type.Object({ role: RoleSchema, permissions: list(PermissionSchema) })),
})
const PermissionParamsSchema = Type.Object({ id: IdSchema, permission: PermissionSchema })
const GrantSchema = Type.Object({ isGranted: Type.Boolean({ description: 'Or denied.' }) }, closed)

/** `/api/users`, `/api/roles`: users, what they may do, and passwords that were forgotten. */
export const userRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'users' | 'oneTimeTokens' | 'cursors'>> = async (
  app,
  { users, oneTimeTokens, cursors },
) => {
  const tags = ['users']
  const hidden = { access: 'admin.users', hidesItself: true } as const

  const listed = {
    tags,
    summary: 'All users, by id',
    querystring: Type.Object(pageQuery, closed),
    response: { 200: Type.Object({ users: list(UserSchema), ...nextCursor }) },
  }
  app.get('/api/users', { schema: listed, config: { access: 'admin.users' } }, async request => {
    const { limit = 20, cursor } = request.query
    const key = ['users', callerOf(request).access.userId]
    const found = await users.list({ limit: limit + 1, after: cursors.open(key, cursor, 0) })
    const shown = found.slice(0, limit)
    const last = shown.at(-1)
    return found.length > limit && last !== undefined
      ? { users: shown, nextCursor: cursors.seal(key, last.id) }
      : { users: shown }
  })

  const created = { tags, summary: 'Make a user', body: NewUserSchema, response: { 201: UserSchema } }
  app.post('/api/users', { schema: created, config: { access: 'admin.users' } }, async (request, reply) => {
    const user = await users.create(request.body, actorOf(request))
    return sendUser(reply.code(201).header('location', `/api/users/${user.id}`), user)
  })

  const viewed = { tags, summary: 'A user', params: UserParamsSchema, response: { 200: UserSchema } }
  app.get('/api/users/:id', { schema: viewed, config: hidden }, async (request, reply) =>
    sendUser(reply, await users.get(request.params.id)),
  )

  const changed = {
    tags,
    summary: 'Rename a user, give another role, disable or enable; takes If-Match',
    params: UserParamsSchema,
    body: UserChangeSchema,
    response: { 200: UserSchema },
  }
  app.patch('/api/users/:id', { schema: changed, config: hidden }, async (request, reply) => {
    const change = { ...request.body, expectedVersion: expectedVersion(request) }
    return sendUser(reply, await users.update(request.params.id, change, actorOf(request)))
  })

  const deleted = {
    tags,
    summary: 'Remove a user with all that belongs to one; takes If-Match',
    params: UserParamsSchema,
    response: noContent,
  }
  app.delete('/api/users/:id', { schema: deleted, config: hidden }, async (request, reply) => {
    await users.delete(request.params.id, actorOf(request), expectedVersion(request))
    return reply.code(204).send(null)
  })

  const permitted = {
    tags,
    summary: 'What a user may do, and where that differs from the role',
    params: UserParamsSchema,
    response: { 200: UserPermissionsSchema },
  }
  app.get('/api/users/:id/permissions', { schema: permitted, config: hidden }, async request => {
    const { role } = await users.get(request.params.id)
    const exceptions = await users.permissionsOf(request.params.id)
    return { role, permissions: permissionsWith(role, exceptions), exceptions }
  })

  const granted = {
    tags,
    summary: 'Grant or deny a permission, whatever the role says',
    params: PermissionParamsSchema,
    body: GrantSchema,
    response: noContent,
  }
  app.put('/api/users/:id/permissions/:permission', { schema: granted, config: hidden }, async (request, reply) => {
    const { id, permission } = request.params
    await users.setPermission(id, { permission, isGranted: request.body.isGranted }, actorOf(request))
    return reply.code(204).send(null)
  })

  const left = { tags, summary: 'Leave a permission to the role', params: PermissionParamsSchema, response: noContent }
  app.delete('/api/users/:id/permissions/:permission', { schema: left, config: hidden }, async (request, reply) => {
    const { id, permission } = request.params
    await users.setPermission(id, { permission, isGranted: undefined }, actorOf(request))
    return reply.code(204).send(null)
  })

  const reset = {
    tags,
    summary: 'Make a one-time token with which a user sets a new password',
    params: UserParamsSchema,
    response: { 201: OneTimeTokenSchema },
  }
  app.post(
    '/api/users/:id/password-reset',
    { schema: reset, config: { ...hidden, needsFreshPassword: true, givesSecret: true } },
    async (request, reply) => {
      const { secret: token, expiresAt } = await oneTimeTokens.reset(request.params.id, actorOf(request))
      return reply.code(201).send({ token, expiresAt })
    },
  )

  const known = { tags, summary: 'What each role may do', response: { 200: RoleListSchema } }
  app.get('/api/roles', { schema: known, config: { access: 'api.access' } }, async () => ({ roles: allRoles }))
}

// `roles` has these keys and no others.
const allRoles = (Object.entries(roles) as [Role, readonly Permission[]][]).map(([role, permissions]) => ({
  role,
  permissions,
}))

function sendUser(reply: FastifyReply, user: User): FastifyReply {
  sendVersion(reply, user.version)
  return reply.send(user)
}
