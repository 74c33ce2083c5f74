import type { VaultAnswer } from '../../vault-answer.ts'
import type { VaultCall, VaultRequest } from '../vault-call.ts'

/** What a login or a renewal grants. */
export interface Grant {
  readonly token?: string
  readonly seconds?: number
  readonly renewable?: boolean
  readonly uses?: number
  readonly type?: 'service' | 'batch'
}

/** What answers a request; an error is thrown. */
export type Script = (request: VaultRequest) => VaultAnswer | Error | Promise<VaultAnswer>

/** A server made of functions, one for each path. It answers nothing that no function answers. */
export class ScriptedVault {
  readonly requests: VaultRequest[] = []
  readonly #scripts = new Map<string, Script>()

  readonly call: VaultCall = async request => {
    this.requests.push(request)
    const script = this.#scripts.get(request.path)
    if (script === undefined) throw new Error(`nothing answers ${request.path}`)
    const answer = await script(request)
    if (answer instanceof Error) throw answer
    return answer
  }

  /** Answers a path from now on. */
  on(path: string, script: Script | VaultAnswer): this {
    this.#scripts.set(path, typeof script === 'function' ? script : () => script)
    return this
  }

  /** Requests of a path so far. */
  count(path: string): number {
    return this.requests.filter(request => request.path === path).length
  }
}

/** An answer with a JSON body; the transport gives numbers as text. */
export function answered(status: number, body: unknown = { errors: [] }, retryAfter?: string): VaultAnswer {
  return { status, body, retryAfter, leavesOrigin: false }
}

/** An answer that is no JSON, as of a proxy. */
export function page(status: number): VaultAnswer {
  return { ...answered(status), body: undefined }
}

/** The refusal of a server. */
export function refused(status: number, text: string): VaultAnswer {
  return answered(status, { errors: [text] })
}

/** The answer to a login or a renewal, as recorded. */
export function granted(grant: Grant = {}): VaultAnswer {
  const { token = 's.token', seconds = 3600, renewable = true, uses = 0, type = 'service' } = grant
  const auth = {
    client_token: token,
    lease_duration: String(seconds),
    renewable,
    num_uses: String(uses),
    token_type: type,
    mfa_requirement: null,
  }
  return answered(200, { data: null, auth })
}

/** Logins that grant `s.1`, `s.2` and so on. */
export function grantedInTurn(grant: Grant = {}): Script {
  let count = 0
  return () => granted({ ...grant, token: `s.${(count += 1)}` })
}
