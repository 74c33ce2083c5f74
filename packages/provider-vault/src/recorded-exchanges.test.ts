import { type ProviderDocument, SecretError, type SecretErrorKind } from '@st/secrets-core/provider'
import { type RecordedExchange, recordedVaultExchanges, startScriptedServer } from '@st/test-servers'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type RecordedClass, recordedClasses } from './__fixtures__/recorded-classes.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'

const exchanges = recordedVaultExchanges()
const token = 's.canary-token'

/** What the provider makes of an answer. */
interface Outcome {
  readonly document?: ProviderDocument | undefined
  readonly error?: SecretError
  readonly paths: readonly string[]
}

async function outcomeOf(
  answers: (path: string) => RecordedExchange['response'],
  options: HashiCorpVaultProviderOptions,
): Promise<Outcome> {
  await using server = await startScriptedServer(({ path }) => {
    const { status, headers, body } = answers(path)
    return { status, headers: shown(headers), body }
  })
  const provider = new HashiCorpVaultProvider({ url: server.url, token, ...options })
  try {
    const document = await provider.readDocument()
    return { document, paths: server.requests.map(({ path }) => path) }
  } catch (error) {
    if (!SecretError.isInstance(error)) throw error
    return { error, paths: server.requests.map(({ path }) => path) }
  } finally {
    await provider.close()
  }
}

/** Those of the connection are the server's own; an answer to HEAD has the length of a body that is not there. */
function shown(headers: RecordedExchange['response']['headers']): Readonly<Record<string, string>> {
  const own = ['connection', 'content-length', 'transfer-encoding']
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name)))
}

const errorKinds: Partial<Readonly<Record<RecordedClass, SecretErrorKind>>> = {
  'wrong engine': 'not_configured',
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  throttled: 'throttled',
  unavailable: 'unavailable',
  malformed: 'malformed',
}

/** The class of an outcome, for the class that is expected. */
function classOf({ document, error }: Outcome, expected: RecordedClass): RecordedClass {
  if (error !== undefined)
    return expected !== 'not a read' && errorKinds[expected] === error.kind ? expected : 'not a read'
  if (document === undefined) return 'missing'
  return document.detail === 'deleted' || document.detail === 'destroyed' ? 'deleted' : 'value'
}

/** Version 1 takes any object for a document: only what was read from its paths is read as such. */
function versionOf({ request: { method, path } }: RecordedExchange): 1 | 2 {
  return method === 'GET' && /^\/v1\/(kv1\/[^?]*|secret(\/simpletuner)?)$/.test(path) ? 1 : 2
}

/** Values, tokens and ids of an answer, which no error may show. */
function tellingPartsOf(body: string): readonly string[] {
  return body.match(/\b(hf|r8)_\w+|\bs\.[\w.]{24,}|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g) ?? []
}

function shownBy(error: SecretError): string {
  return [error.stack, inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)].join('\n')
}

function textsOf({ document }: Outcome): readonly (readonly [string, string])[] {
  return [...(document?.values ?? [])]
}

/** The texts that a recorded document holds. */
function textsIn({ response }: RecordedExchange, version: 1 | 2): (readonly [string, string])[] {
  // An answer of a read has this shape.
  const { data } = JSON.parse(response.body) as { readonly data: Readonly<Record<string, unknown>> }
  const document = version === 2 ? (data['data'] as typeof data) : data
  return Object.entries(document).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
}

describe('a recorded answer', () => {
  it('has a class, and each class has its answer', () => {
    expect(exchanges).toHaveLength(214)
    expect(Object.keys(recordedClasses).toSorted()).toEqual(exchanges.map(({ id }) => id).toSorted())
  })

  it.each(exchanges.map(exchange => [exchange.id, recordedClasses[exchange.id], exchange] as const))(
    '%s is "%s" to a read',
    async (_id, expected = 'not a read', exchange) => {
      const version = versionOf(exchange)

      const outcome = await outcomeOf(() => exchange.response, { kvVersion: version })

      expect(classOf(outcome, expected)).toBe(expected)
      expect(textsOf(outcome)).toEqual(expect.arrayContaining(expected === 'value' ? textsIn(exchange, version) : []))
      const shownError = outcome.error ? shownBy(outcome.error) : ''
      for (const text of [token, ...tellingPartsOf(exchange.response.body)]) expect(shownError).not.toContain(text)
    },
  )

  it.each([
    ['kv2/read-deleted', 'deleted'],
    ['kv2/read-destroyed', 'destroyed'],
    ['kv2/read-delete-version-after', 'deleted'],
  ])('%s says why every key is missing: %s', async (id, detail) => {
    const { document } = await outcomeOf(() => answerOf(id), { kvVersion: 2 })

    expect(document).toMatchObject({ detail, values: new Map() })
  })

  it.each([
    ['health/sealed-read', 'sealed'],
    ['health/uninitialised-read', 'sealed'],
  ])('%s says what the server is doing: %s', async (id, detail) => {
    const { error } = await outcomeOf(() => answerOf(id), { kvVersion: 2 })

    expect(error).toMatchObject({ detail, transient: true })
  })

  it.each([
    ['errors/rate-limited', undefined],
    ['errors/rate-limited-with-headers', 4000],
  ])('%s says how long to wait: %s', async (id, retryAfterMs) => {
    const { error } = await outcomeOf(() => answerOf(id), { kvVersion: 1 })

    expect(error?.retryAfterMs).toBe(retryAfterMs)
  })
})

describe('a recorded answer about a mount', () => {
  it.each([
    ['mounts/preflight-v2', 'secret', 'simpletuner', '/v1/secret/data/simpletuner'],
    ['mounts/preflight-v2-reader', 'secret', 'simpletuner', '/v1/secret/data/simpletuner'],
    ['mounts/preflight-v2-reader-mount-only', 'secret', 'simpletuner', '/v1/secret/data/simpletuner'],
    ['mounts/preflight-denied-by-policy', 'secret', 'simpletuner', '/v1/secret/data/simpletuner'],
    ['mounts/preflight-v1', 'kv1', 'simpletuner', '/v1/kv1/simpletuner'],
    ['mounts/preflight-v1-reader', 'kv1', 'simpletuner', '/v1/kv1/simpletuner'],
    ['mounts/preflight-slashes-v2', 'team/a/kv', 'x/y', '/v1/team/a/kv/data/x/y'],
    ['mounts/preflight-slashes-v2', 'team', 'a/kv/x/y', '/v1/team/a/kv/data/x/y'],
    ['mounts/preflight-slashes-v1', 'team/a/old', 'x', '/v1/team/a/old/x'],
    ['mounts/preflight-no-version-option', 'noversion', 'x', '/v1/noversion/x'],
    ['mounts/preflight-no-access', 'secret', 'simpletuner', '/v1/secret/data/simpletuner'],
    ['mounts/preflight-no-mount', 'nomount', 'x', '/v1/nomount/data/x'],
    ['namespaces/preflight', 'secret', 'simpletuner', '/v1/secret/data/simpletuner'],
  ])('%s leads from mount %s and path %s to %s', async (...[id, mountPoint, path, expected]) => {
    const { paths } = await readAfterPreflight(id, { mountPoint, path })

    expect(paths.slice(0, 2)).toEqual([`/v1/sys/internal/ui/mounts/${mountPoint}/${path}`, expected])
  })

  it.each([
    ['mounts/preflight-other-engine', 'transit', 'not_configured'],
    ['mounts/preflight-cubbyhole', 'cubbyhole', 'not_configured'],
    ['mounts/preflight-no-token', 'secret', 'unauthenticated'],
    ['mounts/preflight-bad-token', 'secret', 'unauthenticated'],
    ['health/sealed-preflight', 'secret', 'unavailable'],
    ['errors/rate-limited', 'secret', 'throttled'],
    ['namespaces/read-missing-namespace', 'secret', 'not_configured'],
  ])('%s at the mount %s ends the read as %s', async (id, mountPoint, kind) => {
    const { error, paths } = await readAfterPreflight(id, { mountPoint, path: 'x' })

    expect(error?.kind).toBe(kind)
    expect(paths).toEqual([`/v1/sys/internal/ui/mounts/${mountPoint}/x`])
  })
})

function answerOf(id: string): RecordedExchange['response'] {
  const exchange = exchanges.find(candidate => candidate.id === id)
  if (exchange === undefined) throw new Error(`no exchange is called ${id}`)
  return exchange.response
}

function readAfterPreflight(id: string, options: HashiCorpVaultProviderOptions): Promise<Outcome> {
  const isPreflight = (path: string): boolean => path.startsWith('/v1/sys/internal/')
  return outcomeOf(path => answerOf(isPreflight(path) ? id : 'kv2/read-missing'), options)
}
