import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { Interruption } from '../interruption.ts'
import { UnexpectedShape } from './answer-shape.ts'

/** What is known of a request that failed. */
export interface FailedRequest {
  /** Address of the server. */
  readonly address: string
  /** Milliseconds that it had; absent = any number. */
  readonly timeoutMs: number | undefined
  /** Whether it changes nothing, so that it may simply be sent again. */
  readonly isRepeatable: boolean
}

const looksForeign = 'Is it a server of @st/demo-server, and not a later one?'

/**
 * What a request that brought no answer means for the user. The error of the network is not repeated.
 *
 * @param error - As it was thrown. One that has nothing to do with the network is returned as it is.
 */
export function serverFailure(error: unknown, request: FailedRequest): unknown {
  if (error instanceof CliError || error instanceof Interruption) return error
  const { address } = request
  if (error instanceof UnexpectedShape || error instanceof SyntaxError) {
    return new CliError(exitCodes.unusable, `${address} answers something that cannot be understood.`, looksForeign)
  }
  return lateOrBroken(error, request)
}

function lateOrBroken(error: unknown, { address, timeoutMs = 0, isRepeatable }: FailedRequest): unknown {
  const doubt = isRepeatable ? undefined : 'It is not known whether it was done: look before you repeat it.'
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    const message = `${address} did not answer within ${timeoutMs / 1000} s.`
    return new CliError(exitCodes.unavailable, message, doubt ?? 'Give it more time with --timeout.')
  }
  const code = networkCode(error)
  return code === undefined ? error : networkFailure(code, address, doubt)
}

/** `fetch` tells by the cause of a `TypeError` that a connection failed, or ended in the middle. */
function networkCode(error: unknown): string | undefined {
  if (!(error instanceof TypeError)) return undefined
  const { cause } = error
  if (!(cause instanceof Error)) return undefined
  return 'code' in cause && /^[A-Z0-9_]+$/.test(String(cause.code)) ? String(cause.code) : 'UNKNOWN'
}

function networkFailure(code: string, address: string, doubt: string | undefined): CliError {
  if (/CERT|SELF_SIGNED|LEAF_SIGNATURE/.test(code)) {
    const hint = 'NODE_EXTRA_CA_CERTS names a file of certificates to trust besides.'
    return new CliError(exitCodes.unavailable, `The certificate of ${address} cannot be trusted (${code}).`, hint)
  }
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code)) {
    const hint = 'See that the address is right and the server runs.'
    return new CliError(exitCodes.unavailable, `${address} cannot be reached (${code}).`, hint)
  }
  return new CliError(exitCodes.unavailable, `The connection to ${address} broke off (${code}).`, doubt ?? 'Try again.')
}
