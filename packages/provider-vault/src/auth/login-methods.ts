import type { Credential, VaultAuth } from './auth-options.ts'

/** The ways to log in that ask the server for a token. */
export type LoginAuth = Exclude<VaultAuth, { readonly method: 'token' }>

/** How one way to log in is put to the server. */
export interface LoginPlan {
  /** What proves who asks; absent where there is none, or the connection does it. */
  readonly credential?: Credential | undefined
  /** Option that holds it. */
  readonly option?: string
  /** Options that a refusal is about. */
  readonly options: string
  /** Last segment of the path, after the mount and `login`. */
  readonly subject?: string
  /** What is sent; `undefined` members are left out. */
  readonly body: (credential: string | undefined) => Readonly<Record<string, string | undefined>>
}

type LoginPlans = {
  readonly [Auth in LoginAuth as Auth['method']]: (
    auth: Extract<LoginAuth, { readonly method: Auth['method'] }>,
  ) => LoginPlan
}

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token'

const plans: LoginPlans = {
  approle: ({ roleId, secretId }) => ({
    credential: secretId,
    option: 'auth.secretId',
    options: 'auth.roleId and auth.secretId',
    body: secret_id => ({ role_id: roleId, secret_id }),
  }),
  kubernetes: ({ role, jwtPath }) => ({
    credential: { path: jwtPath || serviceAccountToken },
    option: 'auth.jwtPath',
    options: 'auth.role and the service account that it is bound to',
    body: jwt => ({ role, jwt }),
  }),
  jwt: ({ role, jwt: credential }) => ({
    credential,
    option: 'auth.jwt',
    options: 'auth.jwt (its signature, audience and age) and auth.role',
    body: jwt => ({ role, jwt }),
  }),
  userpass: planOfPassword,
  ldap: planOfPassword,
  cert: ({ role }) => ({
    options: 'the client certificate (tls.cert and tls.key) and auth.role',
    body: () => ({ name: role }),
  }),
}

/** How a way to log in is put to the server. */
export function loginPlanOf(auth: LoginAuth): LoginPlan {
  // The table has one entry for each method, which takes the options of that method.
  return (plans[auth.method] as (auth: LoginAuth) => LoginPlan)(auth)
}

function planOfPassword({
  username,
  password: credential,
}: Extract<LoginAuth, { readonly username: string }>): LoginPlan {
  return {
    credential,
    option: 'auth.password',
    options: 'auth.username and auth.password',
    subject: username,
    body: password => ({ password }),
  }
}
