import { CliError } from '../cli-error.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { members, optional, type Shape, text } from './answer-shape.ts'
import { limitedText } from './limited-text.ts'

/** Longer than any refusal. */
const maxBytes = 65_536
/** Longer sentences are not for people. */
const maxDetail = 600

interface Problem {
  readonly detail: string | null
  readonly code: string | null
  readonly requestId: string | null
}

const problemShape: Shape<Problem> = members<Problem>({
  detail: optional(text),
  code: optional(text),
  requestId: optional(text),
})

const exitCodeOfStatus: Readonly<Record<number, ExitCode>> = {
  401: exitCodes.refused,
  403: exitCodes.refused,
  404: exitCodes.notFound,
  408: exitCodes.unavailable,
  409: exitCodes.conflict,
  412: exitCodes.conflict,
  421: exitCodes.usage,
  429: exitCodes.unavailable,
}

/**
 * What an answer that is none means for the user: the server's own sentence (RFC 9457), and what it can be found by there.
 *
 * @param response - With a status that is no success; its body is read.
 * @param secrets - What must not be printed even if the server repeats it.
 */
export async function serverProblem(response: Response, secrets: readonly string[]): Promise<CliError> {
  const { status } = response
  if (status >= 300 && status < 400) return redirected(response)
  const { detail, code, requestId } = hidden(await readProblem(response), secrets)
  const named = [`${status}${code === null ? '' : ` ${code}`}`, ...(requestId === null ? [] : [`request ${requestId}`])]
  const message = detail ?? 'The server refuses this without saying why'
  return new CliError(exitCodeOf(status), `${message} (${named.join(', ')})`, hintOf(response))
}

/** For a redirection nothing is read: the token would have to be sent to somebody else. */
function redirected({ status }: Response): CliError {
  const message = `The server sends on to another address (${status}), which is not followed: it would get the token.`
  return new CliError(exitCodes.usage, message, 'Name the address that it is at with --server.')
}

/** Whatever else it is, such as the page of a proxy, is not repeated. */
async function readProblem(response: Response): Promise<Problem> {
  try {
    return problemShape(JSON.parse(await limitedText(response, maxBytes)))
  } catch {
    return { detail: null, code: null, requestId: null }
  }
}

function hidden(problem: Problem, secrets: readonly string[]): Problem {
  const hide = (words: string | null): string | null => {
    if (words === null) return null
    const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, '********'), words)
    return printable(clean.slice(0, maxDetail))
  }
  return { detail: hide(problem.detail), code: hide(problem.code), requestId: hide(problem.requestId) }
}

function exitCodeOf(status: number): ExitCode {
  return exitCodeOfStatus[status] ?? (status >= 500 ? exitCodes.unavailable : exitCodes.unusable)
}

function hintOf({ status, headers }: Response): string | undefined {
  if (status === 401) return 'The token is unknown, expired or revoked; the page of the server makes another.'
  const seconds = headers.get('retry-after') ?? ''
  return /^\d{1,6}$/.test(seconds) ? `Try again in ${seconds} s.` : undefined
}
