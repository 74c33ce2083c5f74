/** What an answer is to somebody who reads a secret. */
export type RecordedClass =
  | 'value'
  | 'missing'
  /** Version 2 says that the version is deleted or destroyed. */
  | 'deleted'
  /** No engine, or not of this version, at that mount; or no such namespace. */
  | 'wrong engine'
  /** The token is refused. */
  | 'unauthenticated'
  /** The token may not do that. */
  | 'forbidden'
  | 'throttled'
  | 'unavailable'
  | 'malformed'
  /** Given to another request only: it must never be taken for a document, nor for the word that there is none. */
  | 'not a read'

/** The class of each recorded answer, whatever was asked. */
export const recordedClasses: Readonly<Record<string, RecordedClass>> = {
  'auth/approle-login': 'not a read',
  'auth/approle-login-slashed-mount': 'not a read',
  'auth/approle-login-without-secret-id': 'not a read',
  'auth/approle-bad-secret-id': 'not a read', // 400: the login says `unauthenticated`
  'auth/approle-bad-role-id': 'not a read',
  'auth/approle-missing-secret-id': 'not a read',
  'auth/approle-missing-role-id': 'unavailable', // a 5xx, as of any other failure
  'auth/approle-once': 'not a read',
  'auth/approle-once-again': 'not a read',
  'auth/secret-id-wrapped': 'not a read',
  'auth/wrapping-lookup': 'not a read',
  'auth/unwrap': 'not a read',
  'auth/unwrap-again': 'not a read',
  'auth/unwrap-not-a-token': 'not a read',
  'auth/approle-login-wrapped': 'not a read',
  'auth/unwrap-login': 'not a read',
  'auth/userpass-login': 'not a read',
  'auth/userpass-login-dots': 'not a read',
  'auth/userpass-bad-password': 'not a read',
  'auth/userpass-no-user': 'not a read',
  'auth/userpass-locked-out': 'unauthenticated', // the right password after too many wrong ones
  'auth/jwt-login': 'not a read',
  'auth/jwt-expired': 'not a read',
  'auth/jwt-wrong-audience': 'not a read',
  'auth/jwt-no-role': 'not a read',
  'auth/jwt-unknown-role': 'not a read',
  'auth/login-no-mount': 'unauthenticated', // no such method there
  'auth/kubernetes-not-configured': 'not a read',

  'errors/no-token': 'unauthenticated',
  'errors/bad-token': 'unauthenticated',
  'errors/token-with-space': 'unauthenticated',
  'errors/empty-token': 'unauthenticated',
  'errors/denied-read': 'forbidden',
  'errors/denied-read-missing': 'forbidden', // the same text as for a secret that exists
  'errors/denied-write': 'forbidden',
  'errors/denied-list': 'forbidden',
  'errors/bearer-token': 'value',
  'errors/unknown-path': 'not a read', // a 404 with a text of its own
  'errors/outside-v1': 'missing', // the same answer as for a secret that is missing
  'errors/root-page': 'not a read', // redirected
  'errors/wrong-method': 'not a read',
  'errors/num-uses-1': 'value',
  'errors/num-uses-2': 'not a read',
  'errors/num-uses-3': 'value',
  'errors/num-uses-4': 'unauthenticated', // used up: the same text as for a token that never was
  'errors/expired-token': 'unauthenticated', // the same text as for a token that never was
  'errors/rate-limit-first': 'value',
  'errors/rate-limited': 'throttled',
  'errors/rate-limited-again': 'throttled',
  'errors/rate-limited-with-headers': 'throttled',

  'health/active': 'not a read',
  'health/active-head': 'not a read',
  'health/seal-status-unsealed': 'not a read',
  'health/leader': 'not a read',
  'health/seal': 'not a read',
  'health/sealed': 'not a read', // 503 with a description, not a refusal
  'health/sealed-code-asked': 'not a read',
  'health/seal-status-sealed': 'not a read',
  'health/sealed-read': 'unavailable',
  'health/sealed-login': 'unavailable',
  'health/sealed-preflight': 'unavailable',
  'health/uninitialised': 'not a read',
  'health/uninitialised-read': 'unavailable',
  'health/uninitialised-seal-status': 'not a read',
  'health/initialised-sealed': 'not a read',
  'health/standby': 'not a read', // 429 is no limit here
  'health/standby-ok-asked': 'not a read',
  'health/standby-leader': 'not a read',
  'health/standby-read': 'value',
  'health/standby-write': 'not a read',
  'health/standby-read-not-forwarded': 'value',
  'health/standby-write-not-forwarded': 'not a read', // redirected to the active node, another port
  'health/standby-active-just-died': 'value',
  'health/standby-active-just-died-write': 'not a read',
  'health/standby-no-quorum': 'not a read',
  'health/standby-no-quorum-read': 'value',

  'kv1/write': 'not a read',
  'kv1/read': 'value',
  'kv1/read-missing': 'missing',
  'kv1/read-v2-path-on-v1': 'missing', // version 1 has no reserved paths: nothing is there
  'kv1/write-v2-shape-on-v1': 'not a read',
  'kv1/read-v2-shape-on-v1': 'value', // looks like version 2 without its metadata; the mount says that it is version 1
  'kv1/write-lookalike': 'not a read',
  'kv1/read-lookalike': 'value', // looks exactly like version 2; the mount says that it is version 1
  'kv1/list': 'not a read',
  'kv1/list-missing': 'missing', // what is said of a list, a read would be told too
  'kv1/write-empty': 'not a read',
  'kv1/write-ttl': 'not a read',
  'kv1/read-ttl': 'value',
  'kv1/delete': 'not a read',
  'kv1/delete-again': 'not a read',
  'kv1/patch': 'not a read',

  'kv2/write-1': 'not a read',
  'kv2/write-2': 'not a read',
  'kv2/write-3': 'not a read',
  'kv2/read': 'value',
  'kv2/read-version-2': 'value',
  'kv2/read-version-0': 'value',
  'kv2/read-version-never': 'missing', // a version that never was
  'kv2/read-version-text': 'not a read',
  'kv2/read-missing': 'missing',
  'kv2/read-trailing-slash': 'malformed', // status 500, and no outage: the path is wrong, and the provider sends none that ends so
  'kv2/read-v1-path-on-v2': 'wrong engine', // 404 with a warning: the engine is of version 2
  'kv2/read-mount-root': 'wrong engine', // 404 with a warning
  'kv2/metadata': 'not a read', // the members of a history are no document
  'kv2/metadata-missing': 'missing',
  'kv2/list-get': 'not a read',
  'kv2/list-verb': 'not a read',
  'kv2/list-empty': 'missing',
  'kv2/list-subfolder-missing': 'missing',
  'kv2/subkeys': 'not a read',
  'kv2/cas-ok': 'not a read',
  'kv2/cas-mismatch': 'not a read',
  'kv2/cas-required': 'not a read',
  'kv2/patch': 'not a read',
  'kv2/patch-null-deletes': 'not a read',
  'kv2/patch-result': 'value',
  'kv2/patch-missing': 'malformed', // a 404 without a body is not Vault's word that there is nothing
  'kv2/write-no-data': 'not a read',
  'kv2/write-not-json': 'not a read',
  'kv2/delete-latest': 'not a read',
  'kv2/read-deleted': 'deleted',
  'kv2/undelete': 'not a read',
  'kv2/read-undeleted': 'value',
  'kv2/destroy': 'not a read',
  'kv2/read-destroyed': 'deleted', // with the detail `destroyed`
  'kv2/read-custom-metadata': 'value', // a deletion time in the future: alive
  'kv2/read-delete-version-after': 'deleted', // its time is up
  'kv2/write-path-space': 'not a read',
  'kv2/read-path-space': 'value',
  'kv2/write-path-hash': 'not a read',
  'kv2/read-path-hash': 'value',
  'kv2/write-path-question': 'not a read',
  'kv2/read-path-question': 'value',
  'kv2/write-path-plus': 'not a read',
  'kv2/read-path-plus': 'value',
  'kv2/write-path-unicode': 'not a read',
  'kv2/read-path-unicode': 'value',
  'kv2/write-path-percent': 'not a read',
  'kv2/read-path-percent': 'value',
  'kv2/write-path-quote': 'not a read',
  'kv2/read-path-quote': 'value',
  'kv2/list-odd': 'not a read',
  'kv2/path-dotdot': 'not a read', // redirected to another engine
  'kv2/path-dotdot-encoded': 'not a read',
  'kv2/path-slash-encoded': 'missing', // the server takes it for the path a/b
  'kv2/path-double-slash': 'not a read', // redirected
  'kv2/path-nul': 'not a read', // 400 and nothing else
  'kv2/path-newline': 'not a read',
  'kv2/path-backslash': 'missing',
  'kv2/head': 'not a read',
  'kv2/options': 'not a read',
  'kv2/read-large': 'value',
  'kv2/write-too-large': 'not a read',

  'mounts/preflight-v2': 'not a read',
  'mounts/preflight-v2-reader': 'not a read',
  'mounts/preflight-v2-reader-other-path': 'not a read',
  'mounts/preflight-v2-reader-mount-only': 'not a read',
  'mounts/preflight-v1': 'not a read',
  'mounts/preflight-v1-reader': 'not a read',
  'mounts/preflight-slashes-v2': 'not a read',
  'mounts/preflight-slashes-v1': 'not a read',
  'mounts/preflight-prefix-of-a-mount': 'forbidden',
  'mounts/preflight-no-version-option': 'not a read',
  'mounts/preflight-other-engine': 'not a read',
  'mounts/preflight-cubbyhole': 'not a read',
  'mounts/preflight-no-mount': 'forbidden', // no access and no mount read the same
  'mounts/preflight-no-access': 'forbidden',
  'mounts/preflight-denied-by-policy': 'not a read',
  'mounts/preflight-no-token': 'unauthenticated',
  'mounts/preflight-bad-token': 'unauthenticated',
  'mounts/all-mounts': 'not a read',
  'mounts/read-no-mount': 'wrong engine', // 404 with a text of its own
  'mounts/read-no-mount-no-access': 'forbidden',
  'mounts/read-v2-ok-reader': 'value',
  'mounts/read-v1-path-on-v2-reader': 'forbidden', // so a 403 says nothing about the version
  'mounts/read-slashes-missing': 'missing',
  'mounts/capabilities-self': 'not a read',
  'mounts/transit-read': 'missing', // the preflight says that it is no key-value engine; its answer does not

  'namespaces/create': 'not a read',
  'namespaces/write': 'not a read',
  'namespaces/read-header': 'value',
  'namespaces/read-header-slash': 'value',
  'namespaces/read-path': 'value',
  'namespaces/read-missing-namespace': 'wrong engine', // 404 with a text of its own: no miss
  'namespaces/preflight': 'not a read',
  'namespaces/preflight-path': 'not a read',
  'namespaces/lookup-self': 'not a read',
  'namespaces/child-token-in-root': 'not a read',
  'namespaces/child-token-reads-root-secret': 'forbidden',

  'tls/cert-login': 'not a read',
  'tls/cert-login-named': 'not a read',
  'tls/cert-login-unknown-name': 'not a read',
  'tls/cert-login-no-certificate': 'not a read',
  'tls/too-large': 'not a read',
  'tls/plain-http-to-tls-port': 'not a read', // a text, no JSON

  'tokens/lookup-self-root': 'not a read',
  'tokens/lookup-self': 'not a read',
  'tokens/lookup-self-no-default-policy': 'forbidden', // though it may read secrets
  'tokens/renew-self': 'not a read',
  'tokens/renew-self-increment': 'not a read',
  'tokens/renew-self-capped': 'not a read',
  'tokens/renew-self-no-default-policy': 'forbidden',
  'tokens/lookup-self-768h': 'not a read',
  'tokens/renew-self-768h': 'not a read',
  'tokens/lookup-self-periodic': 'not a read',
  'tokens/renew-self-periodic': 'not a read',
  'tokens/lookup-self-not-renewable': 'not a read',
  'tokens/renew-self-not-renewable': 'not a read',
  'tokens/lookup-self-batch': 'not a read',
  'tokens/renew-self-batch': 'not a read',
  'tokens/renew-self-bad': 'unauthenticated',
  'tokens/revoke-self': 'not a read',
  'tokens/lookup-self-revoked': 'unauthenticated',
}
