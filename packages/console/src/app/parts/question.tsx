import type { ComponentChildren, VNode } from 'preact'
import type { Action } from '../api/use-action.ts'
import { Dialog } from './dialog.tsx'
import { type Fields, Form } from './form.tsx'

/** What is asked over the page. */
export interface QuestionProps {
  readonly title: string
  /** What its button says. */
  readonly submit: string
  /** Does it; gets the fields by their names. */
  readonly onSubmit: (fields: Fields) => Promise<void>
  /** Called when it is done, and when it is given up. */
  readonly onClose: () => void
  /** Whether it cannot be taken back. */
  readonly isDangerous?: boolean
  readonly action?: Action
  readonly children: ComponentChildren
}

/** A form over the page, which closes when it is done. */
export function Question({ title, onClose, onSubmit, ...form }: QuestionProps): VNode {
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        {...form}
        onCancel={onClose}
        onSubmit={async fields => {
          await onSubmit(fields)
          onClose()
        }}
      />
    </Dialog>
  )
}
