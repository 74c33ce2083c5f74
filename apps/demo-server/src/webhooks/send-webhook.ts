import { createHmac, randomUUID } from 'node:crypto'
import { lookup as lookupHost } from 'node:dns'
import { once } from 'node:events'
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'
import { signWebhook } from './webhook-signature.ts'

/** What is to be sent, and where to. */
export interface OutgoingWebhook {
  /** As `checkWebhookUrl` accepted it. */
  readonly url: string
  /** Name of what happened, such as `job.completed`. */
  readonly event: string
  /** JSON. */
  readonly body: string
}

/** How webhooks are sent. */
export interface SendingRules {
  /** The secret that signs them. */
  readonly secret: string
  /** Whether they may go to this machine and its networks. Default: false. */
  readonly allowsPrivate?: boolean | undefined
  /** Milliseconds for one webhook in all. Default: 10,000. */
  readonly timeoutMs?: number | undefined
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Finds the addresses of a name. Default: that of `node:dns`. */
  readonly lookup?: typeof lookupHost | undefined
}

/** Why a webhook did not arrive. */
export type DeliveryFault = 'not_public' | 'unreachable' | 'timeout'

/** What came of a webhook. */
export type WebhookDelivery =
  | { readonly status: number; readonly isAccepted: boolean }
  | { readonly fault: DeliveryFault; readonly isAccepted: false }

/**
 * Sends a webhook, signed with its timestamp (R135): by Standard Webhooks, and by SimpleTuner's own header over the body.
 *
 * The address that the name leads to is looked at and connected to in one step, so that the name cannot lead elsewhere
 * meanwhile; no redirect is followed and no proxy asked. Of the answer the status counts, and nothing else is read.
 */
export async function sendWebhook(webhook: OutgoingWebhook, rules: SendingRules): Promise<WebhookDelivery> {
  const { hostname } = new URL(webhook.url)
  const guard = new AddressGuard(rules)
  if (!guard.permits(hostname)) return { fault: 'not_public', isAccepted: false }
  const signal = AbortSignal.timeout(rules.timeoutMs ?? 10_000)
  try {
    const status = await post(webhook, { headers: headersOf(webhook, rules), signal, lookup: guard.lookup })
    return { status, isAccepted: status >= 200 && status < 300 }
  } catch {
    if (guard.hasRefused) return { fault: 'not_public', isAccepted: false }
    return { fault: signal.aborted ? 'timeout' : 'unreachable', isAccepted: false }
  }
}

/** Lets nothing but public addresses be connected to. */
class AddressGuard {
  readonly #allowsPrivate: boolean
  readonly #find: typeof lookupHost
  /** Whether a name led to an address that is not public. */
  hasRefused = false

  constructor({ allowsPrivate = false, lookup = lookupHost }: SendingRules) {
    this.#allowsPrivate = allowsPrivate
    this.#find = lookup
  }

  /** Whether an address is public; a name may be, until it is looked up. Node looks up names alone. */
  permits(hostname: string): boolean {
    const address = hostname.replace(/^\[|\]$/g, '')
    return isIP(address) === 0 || this.#allowsPrivate || isPublicAddress(address)
  }

  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#find(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      // One that is not public among others is a trap, or a name of this network.
      this.hasRefused = !addresses.every(({ address }) => this.permits(address))
      if (this.hasRefused) return callback(new Error('an address is not public'), [])
      const [first] = addresses
      if (options.all) callback(null, addresses)
      else callback(first ? null : new Error('no address'), first?.address ?? '', first?.family)
    })
  }
}

interface PostOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly lookup: LookupFunction
}

async function post({ url, body }: OutgoingWebhook, { headers, signal, lookup }: PostOptions): Promise<number> {
  const isTls = url.toLowerCase().startsWith('https:')
  // An agent of its own: the one that all share may go through a proxy, and keeps connections to addresses of before.
  const agent = isTls ? new HttpsAgent() : new HttpAgent()
  try {
    const sent = (isTls ? requestHttps : requestHttp)(url, { method: 'POST', agent, signal, lookup })
    for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value)
    sent.end(body)
    // `once` answers the event's one argument.
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    response.on('error', () => {}).destroy()
    return response.statusCode ?? 0
  } finally {
    agent.destroy()
  }
}

function headersOf({ event, body }: OutgoingWebhook, { secret, now = Date.now }: SendingRules): Record<string, string> {
  const id = `msg_${randomUUID()}`
  const timestamp = String(Math.floor(now() / 1000))
  const bytes = Buffer.from(body)
  return {
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    'user-agent': 'st-demo-server',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signWebhook({ id, timestamp, body: bytes }, secret),
    'x-simpletuner-event': event,
    'x-simpletuner-timestamp': timestamp,
    'x-simpletuner-signature': `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(bytes).digest('hex')}`,
  }
}
