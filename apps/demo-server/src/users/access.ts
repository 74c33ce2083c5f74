import type { Permission, Role } from './roles.ts'

/** Who somebody is and what they may do. */
export interface Access {
  readonly userId: number
  readonly name: string
  readonly role: Role
  readonly permissions: readonly Permission[]
}
