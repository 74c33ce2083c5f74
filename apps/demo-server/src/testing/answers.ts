import type { AuditEntry } from '../audit/audit-event.ts'
import type { RunningServer } from './running-server.ts'

/** What a request was answered; of a refusal, the code. */
export async function told(answering: Promise<Response> | Response): Promise<readonly [number, unknown]> {
  const response = await answering
  if (response.status === 204) return [204, undefined]
  const body: unknown = await response.json()
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
  return [response.status, response.ok ? body : code]
}

/** What the audit log holds of some types, oldest first. */
export async function recorded(server: RunningServer, ...types: string[]): Promise<readonly AuditEntry[]> {
  const { entries } = await server.services.audit.page({ types }, { limit: 100 })
  return entries.toReversed()
}
