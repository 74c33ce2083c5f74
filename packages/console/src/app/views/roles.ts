import type { Role } from '../api/shapes.ts'
import { m, type Message, t } from '../words/translate.ts'

/** The roles and their names. */
export const roleNames: Readonly<Record<Role, Message>> = {
  viewer: m('viewer'),
  operator: m('operator'),
  admin: m('administrator'),
}

/** The roles as a choice. */
export function roleOptions(): readonly (readonly [string, string])[] {
  return Object.entries(roleNames).map(([role, name]) => [role, t(name)])
}
