import type { Explanation, Finding } from '@st/secrets-core'

/**
 * Keys that several providers hold: only the first answers, and a value that is changed at another does not arrive (R102).
 */
export function shadowFindings(keys: readonly Explanation[]): readonly Finding[] {
  return keys.flatMap(({ key, source, shadowed }) =>
    shadowed.map(({ provider, sameValue }): Finding => {
      const also = sameValue ? 'the same value' : 'another value'
      return {
        id: 'secret.shadowed',
        severity: sameValue ? 'info' : 'warning',
        message: `"${key}" is answered by ${source ?? 'nobody'}; ${provider} holds ${also} for it.`,
        fix: `Remove it from ${source ?? 'one'} or from ${provider}: what is changed in ${provider} is not used.`,
      }
    }),
  )
}
