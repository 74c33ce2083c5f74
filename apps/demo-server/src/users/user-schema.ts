import { Type } from 'typebox'
import { closed, list } from '../http/answer-schemas.ts'
import { permissions, type Role, roles } from './roles.ts'

/** A role. */
export const RoleSchema = Type.Enum(Object.keys(roles) as [Role, ...Role[]])

/** A permission. */
export const PermissionSchema = Type.Enum([...permissions])

/** A name to sign in with. */
export const UserNameSchema = Type.String({ minLength: 1, maxLength: 64, description: 'Of the user.' })

/** A password; which are too weak is for the rules to say. */
export const PasswordSchema = Type.String({ minLength: 1, maxLength: 1024 })

/** Who is signed in. */
export const MeSchema = Type.Object({
  userId: Type.Integer(),
  name: Type.String(),
  role: RoleSchema,
  permissions: list(PermissionSchema),
})

/** The number of a row: no database here counts further. */
export const IdSchema = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

/** Parameters of the address of a user. */
export const UserParamsSchema = Type.Object({ id: IdSchema })

const Moment = Type.String({ description: 'ISO 8601, UTC.' })

/** A user as administrators see one. */
export const UserSchema = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  role: RoleSchema,
  createdAt: Moment,
  updatedAt: Moment,
  disabledAt: Type.Optional(Type.String({ description: 'Absent while the user may sign in.' })),
  version: Type.Integer({ description: 'The same as the `ETag`.' }),
})

/** What a new user is made of. */
export const NewUserSchema = Type.Object(
  { name: UserNameSchema, role: RoleSchema, password: Type.Optional(PasswordSchema) },
  closed,
)

/** What to change of a user; what is absent stays. */
export const UserChangeSchema = Type.Object(
  { name: Type.Optional(UserNameSchema), role: Type.Optional(RoleSchema), isDisabled: Type.Optional(Type.Boolean()) },
  { ...closed, minProperties: 1 },
)

/** What a user may do, and why. */
export const UserPermissionsSchema = Type.Object({
  role: RoleSchema,
  permissions: list(PermissionSchema),
  exceptions: list(
    Type.Object({
      permission: Type.String(),
      isGranted: Type.Boolean({ description: 'Granted besides what the role may do, or denied in spite of it.' }),
    }),
  ),
})

/** A token that sets a new password. */
export const OneTimeTokenSchema = Type.Object({
  token: Type.String({ description: 'Told only here; for `POST /api/password-reset`.' }),
  expiresAt: Moment,
})

/** A browser that is signed in. */
export const SessionSchema = Type.Object({
  id: Type.Integer(),
  createdAt: Moment,
  lastSeenAt: Moment,
  authenticatedAt: Type.String({ description: 'When the password was last given.' }),
  ip: Type.Optional(Type.String()),
  isCurrent: Type.Boolean({ description: 'Whether it is the one that asks.' }),
})

/** An API token without its secret. */
export const ApiTokenSchema = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  prefix: Type.String({ description: 'What the token begins with.' }),
  createdAt: Moment,
  lastUsedAt: Type.Optional(Type.String({ description: 'Known to the minute; absent when it was never used.' })),
  expiresAt: Type.Optional(Type.String({ description: 'Absent when it does not expire.' })),
  revokedAt: Type.Optional(Type.String({ description: 'Absent while it may be used.' })),
})

/** What a new API token is made of. */
export const NewApiTokenSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'To know it by.' }),
    expiresAt: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Default: it does not expire. One that is made with a token expires no later than that.',
      }),
    ),
  },
  closed,
)

/** An API token with its secret. */
export const ApiTokenWithSecretSchema = Type.Object({
  token: ApiTokenSchema,
  secret: Type.String({ description: 'Told only here; send it as `Authorization: Bearer …`.' }),
})
