import { Button } from './button.tsx'
import type { ComponentChildren, VNode } from 'preact'
import { type Action, useAction } from '../api/use-action.ts'
import { t } from '../words/translate.ts'
import { ProblemNote } from './problem.tsx'

/** What a form is made of. */
export interface FormProps {
  /** What its button says. */
  readonly submit: string
  /** Does it; gets the fields by their names. */
  readonly onSubmit: (fields: Fields) => Promise<void>
  readonly children?: ComponentChildren
  readonly onCancel?: () => void
  readonly isDangerous?: boolean
  /** Where the caller wants to know what becomes of it. */
  readonly action?: Action
}

/** The fields of a form by their names; one that is not there is empty. */
export type Fields = (name: string) => string

/** A form that keeps what was typed until it is done, and says under its fields why it was refused. */
export function Form(props: FormProps): VNode {
  const own = useAction()
  const { isBusy, problem, run } = props.action ?? own
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        void run(() => props.onSubmit(name => textOf(data.get(name))))
      }}
    >
      {props.children}
      <ProblemNote problem={problem} />
      <div class="actions">
        <button type="submit" class={props.isDangerous === true ? 'danger' : 'primary'} disabled={isBusy}>
          {isBusy ? t('Working…') : props.submit}
        </button>
        {props.onCancel !== undefined && <Button onClick={props.onCancel}>{t('Cancel')}</Button>}
      </div>
    </form>
  )
}

function textOf(entry: FormDataEntryValue | null): string {
  return typeof entry === 'string' ? entry : ''
}
