import type { VNode } from 'preact'
import type { Verification } from '../api/shapes.ts'
import { Badge } from '../parts/badge.tsx'
import { hrefOf } from '../state/route.ts'
import { formatNumber } from '../words/formats.ts'
import { m, type Message, t } from '../words/translate.ts'

/** What a verification of the log found, drawn as the chain that it is. */
export function VerificationNote({ result }: { readonly result: Verification }): VNode {
  const { valid, checked, problems, problemCount } = result
  if (valid) {
    return (
      <p class="note good">
        <Badge tone="good">{t('unbroken')}</Badge>{' '}
        {t('Entries verified: {count}. Each is as it was written, and none is missing.', {
          count: formatNumber(checked),
        })}
      </p>
    )
  }
  return (
    <div class="note bad">
      <p>
        <Badge tone="bad">{t('broken')}</Badge>{' '}
        {t(
          'Problems among {checked} entries: {count}. Keep a copy of the database, and find out who had access to it.',
          {
            checked: formatNumber(checked),
            count: formatNumber(problemCount),
          },
        )}
      </p>
      <ol class="links">
        {problems.map(({ kind, sequence, count }) => (
          <li key={`${kind}${sequence}`}>
            {sequence === 0 ? <span>–</span> : <a href={hrefOf(['audit', String(sequence)])}>{sequence}</a>}{' '}
            {t(kinds[kind] ?? m('was changed'), { count })}
          </li>
        ))}
      </ol>
    </div>
  )
}

const kinds: Readonly<Record<string, Message | undefined>> = {
  changed: m('was changed'),
  unlinked: m('does not follow from the one before'),
  missing: m('is missing, with as many as {count}'),
  unexpected: m('was put in'),
  anchor: m('the end of the log is not the signed one'),
  receipt: m('is not what the receipt shows'),
}
