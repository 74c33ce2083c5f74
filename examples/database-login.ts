// Connections to a PostgreSQL whose user and password are rotated by AWS. Host, port and database are in PGHOST, PGPORT and
// PGDATABASE, which `pg` reads.
import { Client } from 'pg'
import { AWSSecretsManagerProvider } from '@st/provider-aws'
import { isAuthError, SecretsManager } from '@st/secrets-core'

const secrets = new SecretsManager({
  providers: [new AWSSecretsManagerProvider({ secretName: 'prod/database' })],
})

/**
 * A connected client. When the login is refused, AWS is asked once for all who meet that, for up to five seconds until the
 * rotation is through, and each tries once more with the new pair.
 */
export async function connect(): Promise<Client> {
  return secrets.withSecret(['username', 'password'], logIn, { isAuthError: isLoginRefused, waitForRotation: 5 })
}

async function logIn(login: { readonly username: string; readonly password: string }): Promise<Client> {
  const client = new Client({ user: login.username, password: login.password })
  await client.connect()
  return client
}

/** `isAuthError` knows PostgreSQL's 28P01, a wrong password; 28000 is a user who is not there any more. */
function isLoginRefused(error: unknown): boolean {
  return isAuthError(error) || (error instanceof Error && 'code' in error && error.code === '28000')
}
