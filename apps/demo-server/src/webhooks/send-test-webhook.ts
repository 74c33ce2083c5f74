import { SecretError, SecretsManager } from '@st/secrets-core'
import type { AuditActor } from '../audit/audit-event.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import { recordFirst } from '../audit/record-first.ts'
import type { ProviderConfigs } from '../provider-configs/provider-configs.ts'
import { Refusal } from '../refusal.ts'
import { sendWebhook, type WebhookDelivery } from './send-webhook.ts'
import { isWebhookSecret } from './webhook-signature.ts'

/** What a test works with. */
export interface WebhookTestContext {
  readonly providerConfigs: Pick<ProviderConfigs, 'get'>
  readonly secrets: Pick<SecretsManager, 'require'>
  readonly audit: AuditLog
  /** Whether it may go to this machine and its networks. Default: false. */
  readonly allowsPrivateWebhooks?: boolean | undefined
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

/** Milliseconds that the receiver may take: somebody waits for the answer. */
const deadlineMs = 5000

/**
 * Sends a signed webhook `test` to the configured address, and tells what came of it (R135, R137).
 *
 * @throws Refusal `NO_WEBHOOK_URL`, `NO_WEBHOOK_SECRET`; SecretError when the secret cannot be read now.
 */
export async function sendTestWebhook(
  { providerConfigs, secrets, audit, allowsPrivateWebhooks, now = () => new Date() }: WebhookTestContext,
  provider: string,
  actor: AuditActor,
): Promise<WebhookDelivery> {
  const { config } = await providerConfigs.get(provider)
  const { webhook_url: url } = config
  if (!url) throw new Refusal('conflict', 'NO_WEBHOOK_URL', 'The provider has no webhook_url: configure it first.')
  const secret = await signingSecret(secrets)
  const event = {
    type: 'webhook.tested',
    actor,
    target: { type: 'provider', id: provider },
    action: 'Sent a test webhook',
  } as const
  const body = JSON.stringify({ event: 'test', provider, sentAt: now().toISOString() })
  const rules = {
    secret,
    allowsPrivate: allowsPrivateWebhooks,
    timeoutMs: deadlineMs,
    now: () => now().getTime(),
  }
  return recordFirst(audit, event, () => sendWebhook({ url, event: 'test', body }, rules))
}

async function signingSecret(secrets: Pick<SecretsManager, 'require'>): Promise<string> {
  const name = SecretsManager.WEBHOOK_SECRET
  try {
    const secret = await secrets.require(name)
    if (isWebhookSecret(secret)) return secret
  } catch (error) {
    if (!SecretError.isInstance(error) || error.kind !== 'missing') throw error
  }
  throw new Refusal(
    'conflict',
    'NO_WEBHOOK_SECRET',
    `There is no secret to sign with: set ${name} to base64 (openssl rand -base64 32).`,
  )
}
