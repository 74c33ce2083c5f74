/** What somebody may do. Names that SimpleTuner has are its own. */
export const permissions = [
  'api.access',
  'provider.configure',
  'secrets.write',
  'secrets.reveal',
  'cache.clear',
  'admin.audit',
  'admin.backup',
  'admin.keys',
  'admin.users',
] as const

/** One of {@link permissions}. */
export type Permission = (typeof permissions)[number]

/** What each role may do. */
export const roles = {
  viewer: ['api.access'],
  operator: ['api.access', 'provider.configure', 'secrets.write', 'secrets.reveal', 'cache.clear'],
  admin: permissions,
} as const satisfies Readonly<Record<string, readonly Permission[]>>

/** One of {@link roles}. */
export type Role = keyof typeof roles

/** What a role may do with the exceptions that are made for one user; those of a later version count for nothing. */
export function permissionsWith(
  role: Role,
  exceptions: readonly { readonly permission: string; readonly isGranted: boolean }[],
): readonly Permission[] {
  const granted = new Set<Permission>(roles[role])
  for (const { permission, isGranted } of exceptions) {
    if (!isPermission(permission)) continue
    if (isGranted) granted.add(permission)
    else granted.delete(permission)
  }
  return Object.freeze([...granted].toSorted())
}

/** Whether a text names a role. */
export function isRole(text: string): text is Role {
  return Object.hasOwn(roles, text)
}

/** Whether a text names a permission. */
function isPermission(text: string): text is Permission {
  return permissions.some(permission => permission === text)
}
