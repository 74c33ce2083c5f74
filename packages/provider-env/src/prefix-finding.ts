import type { Finding } from '@st/secrets-core/provider'

/** What is wrong with a prefix, as it is used as it is given; `undefined` when nothing is (R12). */
export function prefixFinding(prefix: string): Finding | undefined {
  if (/^(?:[A-Z_][A-Z0-9_]*)?$/.test(prefix)) return undefined
  return {
    id: 'env.prefix',
    severity: 'warning',
    message: `The prefix ${JSON.stringify(prefix)} is used as it is given. Names of variables have capital letters, digits and underscores, and no digit first; shells set no others, or are not expected to.`,
    fix: `Use the prefix ${suggestion(prefix)}.`,
  }
}

function suggestion(prefix: string): string {
  const usable = prefix.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_')
  return /^\d/.test(usable) ? `_${usable}` : usable
}
