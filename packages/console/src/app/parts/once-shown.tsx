import { Button } from './button.tsx'
import type { ComponentChildren, VNode } from 'preact'
import { t } from '../words/translate.ts'
import { copy } from './copy.ts'
import { Dialog } from './dialog.tsx'
import { toast } from './toast.tsx'

/** A secret that the server tells only now. */
export function OnceShown({
  title,
  secret,
  onClose,
  children,
}: {
  readonly title: string
  readonly secret: string
  readonly onClose: () => void
  readonly children?: ComponentChildren
}): VNode {
  return (
    <Dialog title={title} onClose={onClose}>
      <p class="note warn">{t('This is shown only now. Copy it before you close this.')}</p>
      <output class="value" tabIndex={0} aria-label={title}>
        {secret}
      </output>
      {children}
      <div class="actions">
        <Button class="primary" onClick={() => void copy(secret).then(isDone => isDone && toast(t('Copied.')))}>
          {t('Copy')}
        </Button>
        <Button onClick={onClose}>{t('Close')}</Button>
      </div>
    </Dialog>
  )
}
