import { Button } from '../parts/button.tsx'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { request } from '../api/request.ts'
import type { CredentialPath } from '../api/shapes.ts'
import { Field } from '../parts/field.tsx'
import { copy } from '../parts/copy.ts'
import { Question } from '../parts/question.tsx'
import { toast } from '../parts/toast.tsx'
import { t } from '../words/translate.ts'

const shownForMs = 30_000

/**
 * Shows a value for 30 seconds, or copies it without showing it. Both take a password of the last five minutes and are in
 * the audit log before the value leaves the server.
 *
 * @param path - Of the thing, below which `reveal` is.
 */
export function Reveal({ path }: { readonly path: CredentialPath | `secrets/${string}` }): VNode {
  const [asking, setAsking] = useState<'show' | 'copy'>()
  const [value, setValue] = useState<string>()
  const hide = (): void => setValue(undefined)
  useEffect(() => {
    if (value === undefined) return undefined
    const timer = setTimeout(hide, shownForMs)
    // Neither a page that is left nor one that the browser keeps for going back shows it.
    addEventListener('pagehide', hide)
    return () => {
      clearTimeout(timer)
      removeEventListener('pagehide', hide)
    }
  }, [value])
  return (
    <section class="reveal" aria-labelledby="value">
      <h2 id="value">{t('Value')}</h2>
      {value === undefined ? (
        <p class="masked" aria-label={t('The value is hidden.')} role="img">
          ••••••••••••
        </p>
      ) : (
        <output class="value" dir="auto" tabIndex={0} aria-label={t('The value, shown for 30 seconds')}>
          {value}
        </output>
      )}
      <div class="actions">
        {value === undefined ? (
          <Button onClick={() => setAsking('show')}>{t('Reveal')}</Button>
        ) : (
          <Button onClick={hide}>{t('Hide')}</Button>
        )}
        <Button onClick={() => setAsking('copy')}>{t('Copy')}</Button>
      </div>
      {asking !== undefined && (
        <RevealDialog
          path={path}
          purpose={asking}
          onClose={() => setAsking(undefined)}
          onValue={asking === 'show' ? setValue : copyForAWhile}
        />
      )}
    </section>
  )
}

function RevealDialog({
  path,
  purpose,
  onClose,
  onValue,
}: {
  readonly path: CredentialPath | `secrets/${string}`
  readonly purpose: 'show' | 'copy'
  readonly onClose: () => void
  readonly onValue: (value: string) => void | Promise<void>
}): VNode {
  const title = purpose === 'show' ? t('Reveal the value?') : t('Copy the value?')
  return (
    <Question
      title={title}
      submit={purpose === 'show' ? t('Reveal') : t('Copy')}
      onClose={onClose}
      onSubmit={async field => {
        const json = { reason: field('reason').trim() || undefined }
        const { data } = await request<{ readonly value: string }>(`${path}/reveal`, { json })
        onClose()
        await onValue(data.value)
      }}
    >
      <p>{t('The audit log keeps who has seen it, when and why. It is hidden again after 30 seconds.')}</p>
      <Field name="reason" label={t('Reason')} maxLength={500} hint={t('For the audit log; may be left out.')} />
    </Question>
  )
}

/** Takes it out of the clipboard after a while, unless something else is there by then. */
async function copyForAWhile(value: string): Promise<void> {
  if (!(await copy(value))) return
  toast(t('Copied. The clipboard is cleared in 30 seconds.'))
  // Not allowed while another window has the focus.
  setTimeout(() => void clearClipboard(value).catch(() => undefined), shownForMs)
}

async function clearClipboard(value: string): Promise<void> {
  if ((await navigator.clipboard.readText()) === value) await navigator.clipboard.writeText('')
}
