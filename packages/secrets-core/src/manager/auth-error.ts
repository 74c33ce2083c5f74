const refusals: ReadonlySet<unknown> = new Set([401, '28P01', 1045, 'ER_ACCESS_DENIED_ERROR', 'WRONGPASS'])
const longestCauseChain = 5

/**
 * Whether an error says "these credentials are wrong": HTTP status 401, PostgreSQL 28P01, MySQL 1045, Redis WRONGPASS; in
 * the error itself, its `response` or its causes. Not 403, which need not mean that the credential is out of date.
 */
export function isAuthError(error: unknown): boolean {
  let current = error
  for (let depth = 0; depth < longestCauseChain && isObject(current); depth += 1) {
    if (isRefusal(current)) return true
    current = current['cause']
  }
  return false
}

function isRefusal(error: Readonly<Record<string, unknown>>): boolean {
  const { status, statusCode, code, errno, message, response } = error as Readonly<Record<Member, unknown>>
  if ([status, statusCode, code, errno].some(value => refusals.has(value))) return true
  if (typeof message === 'string' && message.startsWith('WRONGPASS')) return true
  return isObject(response) && (response['status'] === 401 || response['statusCode'] === 401)
}

type Member = 'status' | 'statusCode' | 'code' | 'errno' | 'message' | 'response'

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
