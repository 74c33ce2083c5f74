import type { Explanation, SecretsManager } from '@st/secrets-core'
import type { DoctorCheck } from './doctor-check.ts'

/** The slice of a manager that is asked. */
export type KeySource = Pick<SecretsManager, 'list' | 'getMany'>

/** Shorter values are in every text, so that nothing redacts them. */
const shortest = 4

/** What can be said of the keys: whose values are not the ones that are used, and which are of no good. */
export async function keyChecks(
  source: KeySource,
  include: readonly string[],
  signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  // Who could not be asked says so himself.
  const { keys } = await source.list({ include, signal })
  const found = keys.filter(({ status }) => status === 'found')
  const names = found.map(({ key }) => key)
  const values = await source.getMany(names, { signal })
  const subject = 'keys'
  return [
    {
      id: 'keys.count',
      status: 'ok',
      subject,
      message: `Keys that are listed or well known, and found: ${found.length}.`,
    },
    ...found.flatMap(shadowChecks),
    ...names.flatMap(key => valueChecks(key, values[key] ?? '')),
  ]
}

function shadowChecks({ key, source, shadowed }: Explanation): readonly DoctorCheck[] {
  return shadowed.map(({ provider, sameValue }) => {
    const subject = 'keys'
    if (sameValue) {
      const message = `${key} is in ${provider}, too, with the value that ${source} has.`
      return { id: 'keys.duplicate', status: 'ok', subject, message }
    }
    const message = `${key} comes from ${source}; the other value in ${provider} is not used.`
    const fix = `Remove one of them: st-secrets explain ${key}`
    return { id: 'keys.shadowed', status: 'warning', subject, message, fix }
  })
}

function valueChecks(key: string, value: string): readonly DoctorCheck[] {
  const subject = 'keys'
  if (value.trim().length < shortest) {
    const message = `The value of ${key} has fewer than ${shortest} characters, and cannot be redacted in logs.`
    return [{ id: 'keys.short', status: 'warning', subject, message, fix: 'Choose a longer one.' }]
  }
  if (value === value.trim()) return []
  const message = `The value of ${key} begins or ends with white space, which is sent along with it.`
  return [{ id: 'keys.white_space', status: 'warning', subject, message, fix: 'Store it without.' }]
}
