import { list, members, optional, type Shape, text, UnexpectedShape } from './answer-shape.ts'
import { credentialShape, credentialsPath, type CredentialView } from './credential-view.ts'
import type { ServerClient } from './server-client.ts'

/** As many as a server gives at once. */
const pageSize = 100

/** Which credentials. */
export interface CredentialSelection {
  /** Absent = the owner of the token. */
  readonly userId: number | undefined
  /** Absent = those for all providers. */
  readonly provider?: string | undefined
  /** Only those that were not changed for long, the longest unchanged first. */
  readonly isStale?: boolean
  /** Absent = all. */
  readonly limit?: number | undefined
}

/** Those that were asked for. */
export interface CredentialsFound {
  readonly credentials: readonly CredentialView[]
  /** Whether the limit has left out some. */
  readonly isComplete: boolean
}

interface Page {
  readonly credentials: readonly CredentialView[]
  readonly nextCursor: string | null
}

const anyPageShape = members<Page>({ credentials: list(credentialShape), nextCursor: optional(text) })

const pageShape: Shape<Page> = value => {
  const page = anyPageShape(value)
  // A list that goes on without anything in it would never end.
  if (page.credentials.length === 0 && page.nextCursor !== null) throw new UnexpectedShape()
  return page
}

/** Asks for credentials, a page at a time. */
export async function findCredentials(client: ServerClient, selection: CredentialSelection): Promise<CredentialsFound> {
  const { userId, provider, isStale = false, limit = Number.POSITIVE_INFINITY } = selection
  const path = isStale ? credentialsPath(userId, 'stale') : credentialsPath(userId)
  const credentials: CredentialView[] = []
  for (let cursor: string | null | undefined; cursor !== null && credentials.length < limit;) {
    const query = { provider, limit: Math.min(pageSize, limit - credentials.length), cursor }
    const page: Page = await client.ask({ path, query }, pageShape)
    credentials.push(...page.credentials)
    cursor = page.nextCursor
    if (cursor === null) return { credentials, isComplete: true }
  }
  return { credentials, isComplete: false }
}
