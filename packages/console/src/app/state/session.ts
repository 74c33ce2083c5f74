import { type Signal, signal } from './signal.ts'
import type { Me, Permission } from '../api/shapes.ts'
import { request, RequestProblem } from '../api/request.ts'
import { forgetPages } from '../api/use-pages.ts'
import { forgetTold } from '../api/use-resource.ts'
import { settings } from './settings.ts'

/** Who is signed in; `undefined` for a stranger, `'unknown'` until that is asked. */
export const me: Signal<Me | 'unknown' | undefined> = signal<Me | 'unknown' | undefined>(
  settings.needsSignIn && settings.isSignedIn !== false ? 'unknown' : undefined,
)

/** Whether the first administrator is still to be made. */
export const isFirstRun: Signal<boolean> = signal(settings.isFirstRun)

/** Whether the user may do something. Where nobody signs in, whoever is here may all that the server offers. */
export function may(permission: Permission | undefined): boolean {
  if (permission === undefined || !settings.needsSignIn) return true
  return typeof me.value === 'object' && me.value.permissions.includes(permission)
}

/** Asks who is signed in. Keeps asking while the server does not answer. */
export async function lookWhoIsSignedIn(): Promise<void> {
  try {
    me.value = (await request<Me>('session', { isSignIn: true })).data
  } catch (error) {
    if (!(error instanceof RequestProblem)) throw error
    if (error.status === 401) me.value = undefined
    else setTimeout(() => void lookWhoIsSignedIn(), 1000)
  }
}

/** Signs in. @throws RequestProblem */
export async function signIn(name: string, password: string): Promise<void> {
  const before = me.value
  const { data } = await request<Me>('session', { json: { name, password }, isSignIn: true })
  // What one user was told is not for the next one.
  if (typeof before === 'object' && before.userId !== data.userId) forgetAll()
  me.value = data
}

/** Signs out. @throws RequestProblem */
export async function signOut(): Promise<void> {
  try {
    await request('session', { method: 'DELETE', isSignIn: true })
  } catch (error) {
    if (!(error instanceof RequestProblem) || error.status !== 401) throw error
  }
  forgetAll()
  me.value = undefined
}

function forgetAll(): void {
  forgetTold()
  forgetPages()
}
