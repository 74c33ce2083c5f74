import { Refusal } from '../refusal.ts'

/**
 * A name as it is stored: in composed characters, without white space around it.
 *
 * @throws Refusal `INVALID_USER_NAME`
 */
export function userName(text: string): string {
  const name = text.normalize('NFKC').trim()
  const isPlain = name.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)
  if (isPlain && name.length >= 1 && name.length <= 64) return name
  throw new Refusal('invalid', 'INVALID_USER_NAME', 'A user name has 1 to 64 characters, none of them invisible.')
}

/** What names are compared by. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

/**
 * Refuses a password that is too short to resist guessing or too long to be one.
 *
 * @throws Refusal `WEAK_PASSWORD`
 */
export function requirePassword(password: string): void {
  if (password.length >= 12 && password.length <= 1024 && new Set(password).size > 4) return
  throw new Refusal(
    'invalid',
    'WEAK_PASSWORD',
    'A password has 12 to 1024 characters, and not only a few different ones.',
  )
}
