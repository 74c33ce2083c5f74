/** Why the audit log refuses. */
export type AuditErrorKind = 'anchor_invalid' | 'tampered' | 'receipt_invalid' | 'key_refused'

/** The audit log cannot be continued, shortened or read with this key. Branch on `kind`. */
export class AuditError extends Error {
  override readonly name = 'AuditError'
  /** Branch on this. */
  readonly kind: AuditErrorKind
  /** `ST_AUDIT_` and the kind in capitals. */
  readonly code: string
  /** What to do about it. */
  readonly hint: string

  constructor(kind: AuditErrorKind, message: string, hint: string) {
    super(message)
    this.kind = kind
    this.code = `ST_AUDIT_${kind.toUpperCase()}`
    this.hint = hint
  }
}
