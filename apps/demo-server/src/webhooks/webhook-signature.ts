import { createHmac, timingSafeEqual } from 'node:crypto'

/** What is signed: Standard Webhooks, as Replicate sends them (R134). */
export interface SignedWebhook {
  /** Header `webhook-id`. */
  readonly id: string
  /** Header `webhook-timestamp`: seconds since 1970. */
  readonly timestamp: string
  /** The body as it came, byte by byte. */
  readonly body: Uint8Array
}

/** A webhook that has come in. */
export interface ReceivedWebhook extends SignedWebhook {
  /** Header `webhook-signature`: one or more of `v1,<base64>`, separated by white space. */
  readonly signature: string
}

/** Why a webhook is not accepted. */
export type WebhookFault = 'timestamp' | 'signature' | 'secret'

/** What is accepted. */
export interface WebhookRules {
  /** Any of these may have signed it; the current secret and the one before it during a rotation. */
  readonly secrets: readonly string[]
  /** Seconds since 1970. */
  readonly now: number
}

/** Seconds by which the clocks of the sender and of this machine may differ, and a webhook be old. */
export const timestampTolerance = 300

/**
 * Why a webhook is not to be believed; `undefined` when one of the secrets has signed it and it is not old. Looks at every
 * signature with every secret, so that the time it takes tells nothing.
 */
export function webhookFault(webhook: ReceivedWebhook, { secrets, now }: WebhookRules): WebhookFault | undefined {
  // Nothing but digits: the timestamp is signed as it is written, and read as nobody else could read it.
  const isDigits = /^\d{1,15}$/.test(webhook.timestamp)
  if (!isDigits || Math.abs(now - Number(webhook.timestamp)) > timestampTolerance) return 'timestamp'
  const keys = secrets.map(webhookKey).filter(key => key !== undefined)
  if (keys.length === 0) return 'secret'
  const given = webhook.signature.split(/\s+/).flatMap(signatureBytes)
  const matches = keys.flatMap(key => given.map(bytes => timingSafeEqual(bytes, signatureOf(webhook, key))))
  return matches.includes(true) ? undefined : 'signature'
}

/** The value of the header `webhook-signature`; throws a TypeError when the secret is none that can sign. */
export function signWebhook(webhook: SignedWebhook, secret: string): string {
  const key = webhookKey(secret)
  if (key === undefined) throw new TypeError('The secret of the webhook is not base64.')
  return `v1,${signatureOf(webhook, key).toString('base64')}`
}

/** Whether a secret is one that can sign. */
export function isWebhookSecret(secret: string): boolean {
  return webhookKey(secret) !== undefined
}

/** The bytes of a secret, which is base64 with or without `whsec_` before it; `undefined` when it is something else. */
function webhookKey(secret: string): Buffer | undefined {
  const base64 = secret.replace(/^whsec_/, '')
  const isBase64 = base64 !== '' && base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64)
  return isBase64 ? Buffer.from(base64, 'base64') : undefined
}

function signatureOf({ id, timestamp, body }: SignedWebhook, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
}

const signatureLength = 32

/** Of version 1 alone; whatever is no such signature is passed over. */
function signatureBytes(signature: string): readonly Buffer[] {
  const [, base64 = ''] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(signature) ?? []
  const bytes = Buffer.from(base64, 'base64')
  return bytes.length === signatureLength ? [bytes] : []
}
