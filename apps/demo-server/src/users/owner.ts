import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { callerOf } from '../http/caller.ts'
import { UserParamsSchema } from './user-schema.ts'

/** Whose things a route is about: one's own, or those of the user in the address, which is for administrators. */
export const owners = [
  { path: '/api/users/me', whose: 'One’s own', params: Type.Object({}), config: { access: 'api.access' } },
  {
    path: '/api/users/:id',
    whose: 'A user’s',
    params: UserParamsSchema,
    config: { access: 'admin.users', hidesItself: true },
  },
] as const

/** The id of that user. */
export function ownerOf(request: FastifyRequest): number {
  const { params } = request
  const isNamed = typeof params === 'object' && params !== null && 'id' in params
  // A number by the schema of the parameters.
  return isNamed ? (params.id as number) : callerOf(request).access.userId
}
