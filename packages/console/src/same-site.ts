import { Refused } from './answers.ts'
import { type ConsoleRequest, headerOf } from './exchange.ts'

/**
 * Refuses what a page of another site could send with the cookies of the application.
 *
 * @throws Refused 403
 */
export function requireSameSite(request: ConsoleRequest): void {
  const [origin, host, site] = ['origin', 'host', 'sec-fetch-site'].map(name => headerOf(request, name))
  const isForeign = origin !== undefined && hostOf(origin) !== host?.toLowerCase()
  if (isForeign || (site !== undefined && site !== 'same-origin')) {
    throw new Refused(403, 'FOREIGN_SITE', 'Changes are accepted from pages of this console only.')
  }
}

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host
}
