import { randomUUID } from 'node:crypto'
import type { Answer } from './answer.ts'
import { sorted, vaultJson } from './vault-json.ts'

/** The texts with which a server refuses, as recorded from OpenBao 2.5.5. */
export const vaultRefusals: Readonly<Record<VaultRefusal, Answer>> = {
  badToken: refusal(403, 'permission denied'),
  policy: refusal(403, '1 error occurred:\n\t* permission denied\n\n'),
  sealed: refusal(503, 'Vault is sealed'),
  noNamespace: refusal(404, 'namespace not found'),
  rateLimited: refusal(429, 'request path "kv1/simpletuner": rate limit quota exceeded'),
  missing: refusal(404),
  unsupportedOperation: refusal(405, '1 error occurred:\n\t* unsupported operation\n\n'),
}

/** Why a server refuses. */
export type VaultRefusal =
  | 'badToken'
  | 'policy'
  | 'sealed'
  | 'noNamespace'
  | 'rateLimited'
  | 'missing'
  | 'unsupportedOperation'

/** A refusal with the server's usual body. */
export function refusal(status: number, ...errors: readonly string[]): Answer {
  return { status, body: vaultJson({ errors }) }
}

/** The wrapping that every answer with data has. */
export function vaultAnswer(
  data: unknown,
  { status = 200, leaseDuration = 0, warnings = null }: Wrapping = {},
): Answer {
  const body = vaultJson({
    request_id: randomUUID(),
    lease_id: '',
    renewable: false,
    lease_duration: leaseDuration,
    data: sorted(data),
    wrap_info: null,
    warnings,
    auth: null,
  })
  // A miss that says more than that it is one has no line break at its end.
  return { status, body: status === 404 ? body.trimEnd() : body }
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
