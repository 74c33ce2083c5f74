import type { VNode } from 'preact'
import type { Credential } from '../api/shapes.ts'
import { Badge, type Tone } from '../parts/badge.tsx'
import { m, type Message, t } from '../words/translate.ts'

/** How old a credential is, and whether it is used. */
export function CredentialBadge({ credential: { isActive, status } }: { readonly credential: Credential }): VNode {
  if (!isActive) return <Badge tone="quiet">{t('deactivated')}</Badge>
  const [tone, message] = statuses[status]
  return <Badge tone={tone}>{t(message)}</Badge>
}

const statuses: Readonly<Record<Credential['status'], readonly [Tone, Message]>> = {
  active: ['good', m('fresh')],
  expiring: ['warn', m('expiring')],
  stale: ['bad', m('stale')],
}
