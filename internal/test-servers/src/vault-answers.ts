import { randomUUID } from 'node:crypto'
import { type Answer, jsonAnswer } from './answer.ts'

/** The texts with which a server refuses, as recorded from OpenBao 2.5.5. */
export const vaultRefusals: Readonly<Record<VaultRefusal, Answer>> = {
  badToken: refusal(403, 'permission denied'),
  policy: refusal(403, '1 error occurred:\n\t* permission denied\n\n'),
  sealed: refusal(503, 'Vault is sealed'),
  noNamespace: refusal(404, 'namespace not found'),
  rateLimited: refusal(429, 'request path "kv1/simpletuner": rate limit quota exceeded'),
  missing: refusal(404),
}

/** Why a server refuses. */
export type VaultRefusal = 'badToken' | 'policy' | 'sealed' | 'noNamespace' | 'rateLimited' | 'missing'

/** A refusal with the server's usual body. */
export function refusal(status: number, ...errors: readonly string[]): Answer {
  return jsonAnswer(status, { errors })
}

/** The wrapping that every answer with data has. */
export function vaultAnswer(
  data: unknown,
  { status = 200, leaseDuration = 0, warnings = null }: Wrapping = {},
): Answer {
  return jsonAnswer(status, {
    request_id: randomUUID(),
    lease_id: '',
    renewable: false,
    lease_duration: leaseDuration,
    data,
    wrap_info: null,
    warnings,
    auth: null,
  })
}

/** What differs between wrappings. */
export interface Wrapping {
  /** Default: 200. */
  readonly status?: number
  /** Default: 0. */
  readonly leaseDuration?: number
  /** Default: null. */
  readonly warnings?: readonly string[] | null
}
