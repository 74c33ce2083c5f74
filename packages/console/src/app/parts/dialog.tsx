import { Button } from './button.tsx'
import type { ComponentChildren, VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { useId } from '../state/use-id.ts'
import { t } from '../words/translate.ts'

/** A question over the page. */
export interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly isWide?: boolean
}

/** What is typed into first; a question without such a thing leaves the focus to the browser. */
const firstField = 'label :is(input, select, textarea)'

/** Opens over the page until it is answered; Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children, isWide = false }: DialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  // At once, so that keys that are pressed next reach it.
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    element?.querySelector<HTMLElement>(firstField)?.focus()
    // One that is only taken out of the page leaves the focus nowhere.
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      class={isWide ? 'wide' : undefined}
      onCancel={event => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <Button class="plain icon" aria-label={t('Close')} onClick={onClose}>
          ✕
        </Button>
      </header>
      {children}
    </dialog>
  )
}
