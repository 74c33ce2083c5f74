import { createHash } from 'node:crypto'
import { SecretError, SecretsManager } from '@st/secrets-core'
import { TTLCache } from '@st/ttl-cache'
import type { AuditActor, AuditEvent } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import type { ProviderConfig } from '../provider-configs/provider-config-schema.ts'
import type { ProviderConfigs } from '../provider-configs/provider-configs.ts'
import { Refusal } from '../refusal.ts'
import { IpAllowList } from './ip-allow-list.ts'
import { type ReceivedWebhook, timestampTolerance, webhookFault } from './webhook-signature.ts'

/** A webhook that has come in, from whom and from where. */
export interface IncomingWebhook extends ReceivedWebhook {
  readonly provider: string
  readonly ip: string
  readonly requestId: string
}

/** How many webhooks one address may send. */
export interface WebhookLimits {
  readonly max: number
  readonly windowSeconds: number
}

/** What receiving works with. */
export interface WebhookReceiverContext {
  readonly providerConfigs: Pick<ProviderConfigs, 'get'>
  readonly secrets: Pick<SecretsManager, 'acceptedValues'>
  readonly writes: AuditedWrites
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

/** From 300 seconds before the sender's time to 300 seconds after it, and the second that clocks are read to. */
const rememberedMs = (2 * timestampTolerance + 1) * 1000

/**
 * Takes webhooks in by the rules of the provider's configuration, and records each once (R134): which ones have come in is
 * in the database, so that one cannot be sent again to another instance or after a restart.
 */
export class WebhookReceiver {
  readonly #configs: WebhookReceiverContext['providerConfigs']
  readonly #secrets: WebhookReceiverContext['secrets']
  readonly #writes: AuditedWrites
  readonly #now: () => Date
  /** What was refused in the last minute, by address: strangers shall not fill the audit log. */
  readonly #refused = new TTLCache<true>({ defaultTtl: 60, maxSize: 1000 })

  constructor({ providerConfigs, secrets, writes, now = () => new Date() }: WebhookReceiverContext) {
    this.#configs = providerConfigs
    this.#secrets = secrets
    this.#writes = writes
    this.#now = now
  }

  /** How many an address may send; by default 100 a minute. */
  async limits(provider: string): Promise<WebhookLimits> {
    const { config } = await this.#configs.get(provider)
    const { webhook_rate_limit_max: max = 100, webhook_rate_limit_window: windowSeconds = 60 } = config
    return { max, windowSeconds }
  }

  /**
   * Takes one in.
   *
   * @returns Whether it is new; the sender repeats one when our answer got lost.
   * @throws Refusal `WEBHOOK_ADDRESS_REFUSED`, `INVALID_WEBHOOK_SIGNATURE`, `INVALID_WEBHOOK`; SecretError when the secret
   *   that has signed it cannot be read now.
   */
  async receive(webhook: IncomingWebhook): Promise<'new' | 'repeated'> {
    const { config } = await this.#configs.get(webhook.provider)
    const refusal = await this.#refusalOf(webhook, config)
    if (refusal === undefined) return this.#record(webhook)
    await this.#recordRefusal(webhook, refusal)
    throw refusal
  }

  async #refusalOf(webhook: IncomingWebhook, config: Readonly<ProviderConfig>): Promise<WebhookRefusal | undefined> {
    const { webhook_allowed_ips: allowed = [], webhook_require_signature: isSigned = true } = config
    if (allowed.length > 0 && !new IpAllowList(allowed).allows(webhook.ip)) {
      return new WebhookRefusal('WEBHOOK_ADDRESS_REFUSED', 'address')
    }
    if (webhook.id === '' || webhook.id.length > 256) return new WebhookRefusal('INVALID_WEBHOOK', 'id')
    const fault = isSigned ? await this.#faultOf(webhook) : undefined
    if (fault !== undefined) return new WebhookRefusal('INVALID_WEBHOOK_SIGNATURE', fault)
    return jobOf(webhook.body) === undefined ? new WebhookRefusal('INVALID_WEBHOOK', 'body') : undefined
  }

  async #faultOf(webhook: ReceivedWebhook): Promise<string | undefined> {
    const now = Math.floor(this.#now().getTime() / 1000)
    // What is wrong in itself is refused whether or not the secret can be read.
    const fault = webhookFault(webhook, { secrets: [], now })
    return fault === 'secret' ? webhookFault(webhook, { secrets: await this.#accepted(), now }) : fault
  }

  async #accepted(): Promise<readonly string[]> {
    try {
      return await this.#secrets.acceptedValues(SecretsManager.WEBHOOK_SECRET)
    } catch (error) {
      if (SecretError.isInstance(error) && error.kind === 'missing') return []
      throw error
    }
  }

  #record(webhook: IncomingWebhook): Promise<'new' | 'repeated'> {
    const event = { ...eventOf(webhook), type: 'webhook.received', action: 'Received a webhook' } as const
    const row = {
      provider: webhook.provider,
      id_hash: createHash('sha256').update(webhook.id).digest('hex'),
      received_at: this.#now().toISOString(),
    }
    const outdated = new Date(this.#now().getTime() - rememberedMs).toISOString()
    return this.#writes.write(event, async ({ transaction, record }) => {
      await transaction.deleteFrom('received_webhook').where('received_at', '<', outdated).execute()
      const noted = await transaction
        .insertInto('received_webhook')
        .values(row)
        .onConflict(conflict => conflict.doNothing())
        .returning('id_hash')
        .executeTakeFirst()
      if (noted === undefined) return 'repeated'
      await record({ details: { ...jobOf(webhook.body) } })
      return 'new'
    })
  }

  async #recordRefusal(webhook: IncomingWebhook, refusal: WebhookRefusal): Promise<void> {
    const key = `${refusal.fault} ${webhook.ip}`
    if (this.#refused.has(key)) return
    this.#refused.set(key, true)
    const details = { fault: refusal.fault }
    const event = {
      ...eventOf(webhook),
      type: 'security.suspicious',
      action: 'Sent a webhook that was refused',
    } as const
    await this.#writes.refuse({ ...event, details }, refusal)
  }
}

/** Strangers learn no more than the code; the fault is for the audit log. */
class WebhookRefusal extends Refusal {
  readonly fault: string

  constructor(code: keyof typeof refusals, fault: string) {
    const [kind, message] = refusals[code]
    super(kind, code, message)
    this.fault = fault
  }
}

const refusals = {
  WEBHOOK_ADDRESS_REFUSED: ['forbidden', 'Webhooks are not accepted from this address.'],
  INVALID_WEBHOOK_SIGNATURE: ['forbidden', 'The signature of the webhook is not valid, or too old.'],
  INVALID_WEBHOOK: ['invalid', 'A webhook has an id of at most 256 characters and a body that is a JSON object.'],
} as const

function eventOf({ provider, ip, requestId }: IncomingWebhook): Pick<AuditEvent, 'target'> & { actor: AuditActor } {
  return { actor: { ip, requestId }, target: { type: 'provider', id: provider } }
}

/** What a webhook is about; `undefined` when it is none. Of its members no others are kept: they may hold anything. */
function jobOf(body: Uint8Array): { readonly job?: string; readonly status?: string } | undefined {
  const told = parse(body)
  if (typeof told !== 'object' || told === null || Array.isArray(told)) return undefined
  const { id, status }: { id?: unknown; status?: unknown } = told
  return { ...(isWord(id) ? { job: id } : {}), ...(isWord(status) ? { status } : {}) }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    return undefined
  }
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value)
}
