import type { FastifyReply, FastifyRequest } from 'fastify'
import { HttpProblem } from './problem.ts'

/** The version of what is answered, as a strong entity tag (RFC 9110 §8.8.3). */
export function sendVersion(reply: FastifyReply, version: number): void {
  reply.header('etag', `"${version}"`)
}

/**
 * The version that a change is meant for, from `If-Match`.
 *
 * @returns `undefined` for `*`: whatever it is.
 * @throws HttpProblem 428 without the header (RFC 6585 §3); 412 for what is no tag of this server.
 */
export function expectedVersion({ headers }: FastifyRequest): number | undefined {
  const given = headers['if-match']
  if (given === undefined) {
    throw new HttpProblem(428, 'IF_MATCH_NEEDED', 'Send the ETag of what you have read as If-Match.')
  }
  if (given.trim() === '*') return undefined
  const version = /^\s*"(\d{1,15})"\s*$/.exec(given)?.[1]
  if (version !== undefined) return Number(version)
  throw new HttpProblem(412, 'STALE_VERSION', 'The If-Match is no ETag of this: read it again.')
}
