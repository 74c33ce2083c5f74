/** A file that holds a credential and nothing else; read again for each login. */
export interface CredentialFile {
  /** Path of the file. White space at the ends of what it holds does not count. */
  readonly path: string
}

/** A credential: the text itself, a function that fetches it for each login, or a file that holds it. */
export type Credential = string | CredentialFile | (() => string | Promise<string>)

/** What every way to log in has. */
export interface LoginPlace {
  /** Where the method is enabled, without `auth/`; may have slashes. Default: the name of the method. */
  readonly mount?: string | undefined
  /** Namespace in which to log in. Default: that of the provider. */
  readonly namespace?: string | undefined
}

/** A token that was issued elsewhere. */
export interface TokenAuth {
  /** A given token. */
  readonly method: 'token'
  /** The token. A function or file is asked again when the server refuses what it gave before. */
  readonly token: Credential
  /**
   * Whether to renew it. A minute after its first use it is looked up (which costs a token with a limited number of
   * uses one of them) and then renewed while the server allows it. Default: `true`.
   */
  readonly renew?: boolean | undefined
}

/** AppRole. */
export interface AppRoleAuth extends LoginPlace {
  /** AppRole: an id that names the role, and a secret. */
  readonly method: 'approle'
  /** Role id. */
  readonly roleId: string
  /** Secret id; not needed where the role was made with `bind_secret_id=false`. */
  readonly secretId?: Credential | undefined
  /**
   * Whether `secretId` is a wrapping token that holds the secret id. It is unwrapped once, after a look at who wrapped
   * it; one that somebody else has unwrapped is an error of kind `insecure`. Default: `false`.
   */
  readonly unwrap?: boolean | undefined
}

/** A service account of Kubernetes. */
export interface KubernetesAuth extends LoginPlace {
  /** The token of the pod's service account. */
  readonly method: 'kubernetes'
  /** Role in Vault. */
  readonly role: string
  /** File of the service account's token. Default: `'/var/run/secrets/kubernetes.io/serviceaccount/token'`. */
  readonly jwtPath?: string | undefined
}

/** A signed JSON Web Token of somebody whom Vault trusts. */
export interface JwtAuth extends LoginPlace {
  /** JWT or OIDC without a browser. */
  readonly method: 'jwt'
  /** The token that was signed. */
  readonly jwt: Credential
  /** Role in Vault. Default: the default role of the mount. */
  readonly role?: string | undefined
}

/** A user name and a password. */
export interface PasswordAuth extends LoginPlace {
  /** Users that Vault keeps (`userpass`) or that a directory keeps (`ldap`). */
  readonly method: 'userpass' | 'ldap'
  /** User name. */
  readonly username: string
  /** Password. */
  readonly password: Credential
}

/** The client certificate of the TLS connection. */
export interface CertificateAuth extends LoginPlace {
  /** The certificate that the connection shows: `tls.cert` and `tls.key`, or `VAULT_CLIENT_CERT` and `VAULT_CLIENT_KEY`. */
  readonly method: 'cert'
  /** Name of the role. Default: the first that the certificate fits. */
  readonly role?: string | undefined
}

/** How the provider gets its token. */
export type VaultAuth = TokenAuth | AppRoleAuth | KubernetesAuth | JwtAuth | PasswordAuth | CertificateAuth

/** What a token source needs. */
export interface AuthOptions {
  /** How to get a token, checked and completed from the environment. */
  readonly auth: VaultAuth
  /** Name of the provider, for errors. */
  readonly provider: string
  /** Monotonic clock in milliseconds. Default: `performance.now`. */
  readonly now?: (() => number) | undefined
  /** From 0 up to 1, for what must not happen everywhere at once. Default: `Math.random`. */
  readonly random?: (() => number) | undefined
}
