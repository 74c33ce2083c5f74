import { amount, members, type Shape, text } from './answer-shape.ts'

/** The end of an audit log, signed by its server. */
export interface AuditReceipt {
  readonly sequence: number
  readonly hash: string
  readonly signature: string
}

/** The last line of an export of the whole log. */
export const receiptLineShape: Shape<{ readonly receipt: AuditReceipt }> = members<{ readonly receipt: AuditReceipt }>({
  receipt: members<AuditReceipt>({ sequence: amount, hash: text, signature: text }),
})
