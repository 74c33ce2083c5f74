// Sends requests evenly over time, whether or not those before are answered, until it is told to stop; then sends how long
// they took from the moment when they were due, those of the warm-up left out.
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

const [{ kinds, ...server }] = await once(process, 'message')
// More would not be answered sooner; whatever has to wait for one of them is late.
const agent = new Agent({ keepAlive: true, maxSockets: 20 })
const stopping = new AbortController()
process.once('message', () => stopping.abort())
process.once('disconnect', () => process.exit())
// Not all in the same millisecond.
process.send(await Promise.all(kinds.map((kind, index) => run(server, kind, index * 3))))
process.disconnect()

async function run({ url, token, warmUpMs }, { title, path, perSecond, ...init }, laterMs) {
  const options = { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } }
  const startedAt = performance.now() + laterMs
  const sent = []
  while (!stopping.signal.aborted) {
    const due = startedAt + (sent.length * 1000) / perSecond
    await delay(Math.max(0, due - performance.now()))
    sent.push(ask(url + path, options, due))
  }
  const all = (await Promise.all(sent)).filter(({ due }) => due >= startedAt + warmUpMs)
  const answered = all.filter(({ status }) => status < 300)
  const refused = all.filter(({ status }) => status >= 300).length
  const errors = all.length - answered.length - refused
  return { title, answered: answered.length, refused, errors, ...quantiles(answered.map(({ ms }) => ms)) }
}

/** Without a status when it was not answered. */
async function ask(url, { body, ...options }, due) {
  const status = await new Promise(resolve => {
    const sending = request(url, { ...options, agent }, response => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    sending.on('error', () => resolve()).end(body)
  })
  return { due, status, ms: performance.now() - due }
}

function quantiles(times) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = share => sorted[Math.ceil(sorted.length * share) - 1]
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}
