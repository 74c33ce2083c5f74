import type { CredentialContext } from '@st/credential-crypto'

/** What tokens are bound to, as it is named on the command line. */
export interface ContextChoice {
  /** The same for every record. */
  readonly fixed: Readonly<Record<string, string>>
  /** Name in the context, and the member or column of the record that holds its text. */
  readonly members: Readonly<Record<string, string>>
}

/** Tokens that are bound to nothing. */
export const noContext: ContextChoice = { fixed: {}, members: {} }

/**
 * What the token of a record is bound to.
 *
 * @returns `'missing'` when the record lacks a part of it.
 */
export function contextOf(
  record: { member(name: string): string | undefined },
  { fixed, members }: ContextChoice,
): CredentialContext | 'missing' {
  const context: Record<string, string> = { ...fixed }
  for (const [name, member] of Object.entries(members)) {
    const value = record.member(member)
    if (value === undefined) return 'missing'
    context[name] = value
  }
  return context
}
