import type { AuditReceipt } from './audit-chain.ts'
import type { AuditEntry } from './audit-event.ts'

/** One JSON text a line; the last line holds the receipt, so that who has it has all lines. */
export async function* auditNdjson(
  entries: AsyncIterable<AuditEntry>,
  receipt?: AuditReceipt,
): AsyncGenerator<string, void> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`
  if (receipt !== undefined) yield `${JSON.stringify({ receipt })}\n`
}

const columns = [
  'sequence',
  'occurredAt',
  'type',
  'outcome',
  'actorId',
  'actorName',
  'actorIp',
  'targetType',
  'targetId',
  'requestId',
  'action',
  'details',
  'previousHash',
  'hash',
] as const satisfies readonly (keyof AuditEntry)[]

/** A table with a line of headings (RFC 4180). No cell is taken for a formula when a spreadsheet opens it. */
export async function* auditCsv(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string, void> {
  yield `${columns.join(',')}\r\n`
  for await (const entry of entries) yield `${columns.map(column => cell(entry[column])).join(',')}\r\n`
}

function cell(value: unknown): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `"${withoutFormula(text).replaceAll('"', '""')}"`
}

/**
 * What begins so is computed by Excel, LibreOffice or Google Sheets, in full width and behind white space too (OWASP, "CSV
 * Injection"); an apostrophe makes it text.
 */
function withoutFormula(text: string): string {
  return /^[\s\0]*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/.test(text) ? `'${text}` : text
}
