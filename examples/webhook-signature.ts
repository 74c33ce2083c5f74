// Receives webhooks whose secret is rotated now and then: the sender may sign with the old one for a while longer.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { SecretsManager } from '@st/secrets-core'

/** Whether a body was signed with the current secret, or with the one before it in the quarter of an hour after a change. */
export async function isGenuine(secrets: SecretsManager, body: Uint8Array, signature: string): Promise<boolean> {
  const given = Buffer.from(signature, 'base64')
  const accepted = await secrets.acceptedValues(SecretsManager.WEBHOOK_SECRET, { overlap: 900 })
  return accepted.some(secret => {
    const expected = createHmac('sha256', secret).update(body).digest()
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}
