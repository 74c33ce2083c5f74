import { type Answer, refusal, vaultAnswer, vaultRefusals } from '@st/test-servers'

/** One answer to a read, and what is to be made of it. */
export interface AnswerRow {
  readonly title: string
  readonly answer: Answer
  readonly outcome: AnswerOutcome
}

/** A document, some members of an error, or neither where nothing is there. */
export interface AnswerOutcome {
  readonly document?: AnswerDocument | undefined
  readonly error?: Readonly<Record<string, unknown>> | undefined
}

/** What is read. */
export interface AnswerDocument {
  /** Default: none. */
  readonly values?: Texts | undefined
  /** Default: none. */
  readonly unusable?: Texts | undefined
  readonly detail?: string | undefined
}

type Texts = Readonly<Record<string, string>>

/** A distinctive piece of an answer, which no error may show. */
export const answerCanary = 'answer-canary-7c22'

const metadata =
  '{"created_time":"2026-11-22T12:48:43.5Z","custom_metadata":null,"deletion_time":"","destroyed":false,"version":3}'

/** What the members of a document become, in either version. */
const members: readonly (readonly [json: string, values: Texts, unusable?: Texts])[] = [
  ['{"A":"1"}', { A: '1' }],
  ['{"A":"","":"x"}', { A: '', '': 'x' }],
  ['{"A":5,"B":1.10,"C":-0,"D":1e400}', { A: '5', B: '1.10', C: '-0', D: '1e400' }],
  ['{"A":12345678901234567890}', { A: '12345678901234567890' }],
  ['{"A":true,"B":false}', { A: 'true', B: 'false' }],
  ['{"A":null}', {}],
  ['{"A":{"x":"1"},"B":["x"],"C":"1"}', { C: '1' }, { A: 'object', B: 'array' }],
  ['{"A":"1","A":"2"}', { A: '2' }],
  ['{"\\u00dcn\\u00ef":"\\u00e9\\u2713","A":"\\ud83d\\ude00\\n"}', { Ünï: 'é✓', A: '😀\n' }],
  [
    '{"__proto__":"polluted","constructor":"x"}',
    Object.fromEntries([
      ['__proto__', 'polluted'],
      ['constructor', 'x'],
    ]),
  ],
  [`{"A":"${'x'.repeat(900_000)}"}`, { A: 'x'.repeat(900_000) }],
]

/** What is refused in the place of a document, in either version. */
const noDocuments = ['null', '5', 'true', `"${answerCanary}"`, `["${answerCanary}"]`] as const

/** Refusals that mean the same in either version. */
const refusals: readonly AnswerRow[] = [
  { title: 'nothing there', answer: vaultRefusals.missing, outcome: {} },
  failing('a token that is refused', vaultRefusals.badToken, {
    kind: 'unauthenticated',
    status: 403,
    transient: false,
  }),
  failing('a newer text for that', refusal(403, 'permission denied', 'invalid token'), { kind: 'unauthenticated' }),
  failing('a status for that which Vault does not use', refusal(401, answerCanary), { kind: 'unauthenticated' }),
  failing('a policy that denies', vaultRefusals.policy, { kind: 'forbidden', status: 403, transient: false }),
  failing('a refusal of unknown text', refusal(403, answerCanary), { kind: 'forbidden' }),
  failing('no such namespace', vaultRefusals.noNamespace, { kind: 'not_configured', status: 404 }),
  failing('no such mount', refusal(404, 'no handler for route "x/y". route entry not found.'), {
    kind: 'not_configured',
  }),
  failing('an unsupported path', refusal(404, '1 error occurred:\n\t* unsupported path\n\n'), {
    kind: 'not_configured',
  }),
  failing('a 404 of something else', { status: 404, body: '{"message":"no Route matched"}' }, { kind: 'malformed' }),
  failing('a 404 of something else with errors', { status: 404, body: '{"errors":"none"}' }, { kind: 'malformed' }),
  failing('a request that is refused', refusal(400, answerCanary), { kind: 'not_configured', transient: false }),
  failing('an operation that is not supported', vaultRefusals.unsupportedOperation, { kind: 'not_configured' }),
  failing('a body that is too large', refusal(413, 'http: request body too large'), { kind: 'not_configured' }),
  failing('a rate limit', vaultRefusals.rateLimited, { kind: 'throttled', status: 429, transient: true }),
  failing('a node that is behind', refusal(412, answerCanary), { kind: 'unavailable', status: 412, transient: true }),
  failing('a secondary for disasters', refusal(472, answerCanary), { kind: 'unavailable', detail: 'dr_secondary' }),
  failing('a performance standby', refusal(473, answerCanary), { kind: 'unavailable', detail: 'standby' }),
  failing('a server without a key', refusal(501, answerCanary), { kind: 'unavailable', detail: 'uninitialised' }),
  failing('a sealed server', vaultRefusals.sealed, { kind: 'unavailable', detail: 'sealed' }),
  failing('a server that fails', refusal(500, answerCanary), { kind: 'unavailable', status: 500, transient: true }),
  failing('a trailing slash', refusal(500, '1 error occurred:\n\t* could not find version data\n\n'), {
    kind: 'malformed',
    transient: false,
  }),
]

/** Answers to a read, by the version of the engine. */
export const answerRows: Readonly<Record<1 | 2, readonly AnswerRow[]>> = {
  1: [
    ...members.map(([json, values, unusable]) => holding(json, wrapped(json), { values, unusable })),
    ...noDocuments.map(json =>
      failing(`${json} as its data`, { status: 200, body: wrapped(json) }, { kind: 'malformed' }),
    ),
    ...refusals,
    holding('what looks like version 2', wrapped(`{"data":{"A":"1"},"metadata":${metadata}}`), {
      values: {},
      unusable: { data: 'object', metadata: 'object' },
    }),
    failing('a path of version 2', vaultAnswer(null, { status: 404, warnings: ['Invalid path'] }), {
      kind: 'not_configured',
    }),
    failing('no data', { status: 200, body: '{"request_id":"x","auth":null}' }, { kind: 'malformed' }),
  ],
  2: [
    ...members.map(([json, values, unusable]) => holding(json, versioned(json), { values, unusable })),
    ...noDocuments
      .filter(json => json !== 'null')
      .map(json => failing(`${json} as its data`, { status: 200, body: versioned(json) }, { kind: 'malformed' })),
    ...refusals,
    removed('a deleted version', '"deletion_time":"2026-11-22T12:48:43Z","destroyed":false', 'deleted'),
    removed('a destroyed version', '"deletion_time":"","destroyed":true', 'destroyed'),
    removed('both', '"deletion_time":"2026-11-22T12:48:43Z","destroyed":true', 'destroyed'),
    withStatus(200, removed('nothing', '"deletion_time":"","destroyed":false', 'deleted')),
    holding('a time in the future', versioned('{"A":"1"}', metadata.replace('""', '"2099-01-01T00:00:00Z"')), {
      values: { A: '1' },
    }),
    failing('no metadata', { status: 200, body: wrapped('{"data":{"A":"1"}}') }, { kind: 'malformed' }),
    failing(
      'metadata of another shape',
      { status: 200, body: wrapped(`{"data":{},"metadata":["${answerCanary}"]}`) },
      { kind: 'malformed' },
    ),
    failing(
      'a document of version 1',
      { status: 200, body: wrapped(`{"A":"${answerCanary}"}`) },
      { kind: 'malformed' },
    ),
    failing('no data', { status: 200, body: '{"request_id":"x","auth":null}' }, { kind: 'malformed' }),
  ],
}

function wrapped(data: string): string {
  return `{"request_id":"x","lease_id":"","renewable":false,"lease_duration":0,"data":${data},"warnings":null}`
}

function versioned(data: string, about: string = metadata): string {
  return wrapped(`{"data":${data},"metadata":${about}}`)
}

function holding(title: string, body: string, document: AnswerDocument): AnswerRow {
  return {
    title: title.slice(0, 60),
    answer: { status: 200, body },
    outcome: { document },
  }
}

function removed(title: string, about: string, detail: string): AnswerRow {
  const body = versioned('null', `{"created_time":"2026-11-22T12:48:43.5Z",${about},"version":3}`)
  return { title, answer: { status: 404, body }, outcome: { document: { detail } } }
}

function withStatus(status: number, { title, answer, outcome }: AnswerRow): AnswerRow {
  return { title: `${title} with status ${status}`, answer: { ...answer, status }, outcome }
}

function failing(title: string, answer: Answer, error: Readonly<Record<string, unknown>>): AnswerRow {
  return { title, answer, outcome: { error: { provider: 'vault', ...error } } }
}
