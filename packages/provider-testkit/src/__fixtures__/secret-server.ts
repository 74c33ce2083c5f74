import {
  jsonAnswer,
  startScriptedServer,
  type Answer,
  type LoopbackServer,
  type ReceivedRequest,
} from '@st/test-servers'

type Secrets = Readonly<Record<string, string>>

/** Most keys that it answers in one batch. */
export const largestBatch = 20

/** A made-up service of secrets that keeps what it held before, behind a token. */
export async function startSecretServer(token: string, past: readonly Secrets[]): Promise<LoopbackServer> {
  const history = past.map(secrets => new Map(Object.entries(secrets)))
  return startScriptedServer(request => {
    if (request.headers['authorization'] !== `Bearer ${token}`) return jsonAnswer(401, {})
    const { pathname, searchParams } = new URL(`http://server${request.path}`)
    if (pathname === '/health') return jsonAnswer(200, { status: 'up' })
    if (pathname === '/batch') return answerBatch(request, history)
    const key = searchParams.get('key') ?? ''
    return request.method === 'GET' ? answerRead(key, searchParams, history) : answerWrite(key, request, history)
  })
}

const stepsBack: Readonly<Record<string, number>> = { current: 1, previous: 2 }

function answerRead(key: string, query: URLSearchParams, history: readonly Map<string, string>[]): Answer {
  const version = query.get('version')
  const index = version === null ? history.length - (stepsBack[query.get('stage') ?? 'current'] ?? 0) : Number(version)
  const value = history[index]?.get(key)
  return value === undefined ? jsonAnswer(404, {}) : jsonAnswer(200, { value, version: `${index}` })
}

function answerBatch({ body }: ReceivedRequest, history: readonly Map<string, string>[]): Answer {
  // The provider beside this server sends nothing else.
  const keys = JSON.parse(body) as readonly string[]
  if (keys.length > largestBatch) return jsonAnswer(400, {})
  const held = keys.map(key => [key, history.at(-1)?.get(key)]).filter(([, value]) => value !== undefined)
  return jsonAnswer(200, { held })
}

function answerWrite(key: string, { method, body }: ReceivedRequest, history: Map<string, string>[]): Answer {
  const changed = new Map(history.at(-1))
  if (method === 'DELETE') changed.delete(key)
  else changed.set(key, body)
  history.push(changed)
  return jsonAnswer(200, { stored: key })
}
