import type { VNode } from 'preact'
import type { FindingView } from '../../api-shapes.ts'
import { Badge } from '../parts/badge.tsx'
import { t } from '../words/translate.ts'

/** What is worth knowing, the gravest first, each with its remedy. */
export function Findings({ findings }: { readonly findings: readonly FindingView[] }): VNode | null {
  if (findings.length === 0) return null
  const sorted = findings.toSorted((left, right) => order.indexOf(left.severity) - order.indexOf(right.severity))
  return (
    <ul class="findings">
      {sorted.map(({ id, severity, message, fix }) => (
        <li key={id + message}>
          {severity === 'error' && <Badge tone="bad">{t('error')}</Badge>}
          {severity === 'warning' && <Badge tone="warn">{t('warning')}</Badge>}
          <span>{message}</span>
          {fix !== undefined && <p class="fix">{fix}</p>}
        </li>
      ))}
    </ul>
  )
}

const order: readonly FindingView['severity'][] = ['error', 'warning', 'info']
