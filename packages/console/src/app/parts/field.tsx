import type { ComponentChildren, JSX, VNode } from 'preact'
import type { FormRule } from '../../api-shapes.ts'
import { useId } from '../state/use-id.ts'

/** What a field is; members that are not explained are those of `<input>`. */
export interface FieldProps {
  readonly name: string
  readonly label: string
  /** Below it. */
  readonly hint?: ComponentChildren | undefined
  /** What is in it at first; what is typed stays when the view is drawn again. */
  readonly defaultValue?: string | number
  /** What the API takes. */
  readonly rule?: FormRule
  readonly type?: 'text' | 'password' | 'number' | 'date' | 'file'
  /** Default `off`. */
  readonly autocomplete?: string
  readonly required?: boolean
  readonly autofocus?: boolean
  readonly minLength?: number
  readonly maxLength?: number
  readonly min?: number
  readonly max?: number
  readonly step?: 'any'
  readonly list?: string
  readonly onChange?: (event: { readonly currentTarget: HTMLInputElement }) => void
}

/** One line to fill in. */
export function Field({ label, hint, rule, autocomplete = 'off', ...input }: FieldProps): VNode {
  const id = useId()
  // Each of them is an attribute of an input; which may stand together is a matter of the type, and of the caller.
  const attributes = { ...rule, ...input } as JSX.IntrinsicElements['input']
  return (
    <label class="field">
      <span>{label}</span>
      <input autocomplete={autocomplete} {...attributes} aria-describedby={hint === undefined ? undefined : id} />
      {hint !== undefined && <small id={id}>{hint}</small>}
    </label>
  )
}

/** A secret to type in; several lines are kept as they are. */
export function SecretField({ name, label, hint }: Pick<FieldProps, 'name' | 'label' | 'hint'>): VNode {
  const id = useId()
  return (
    <label class="field">
      <span>{label}</span>
      <textarea name={name} class="secret" rows={3} required autocomplete="off" aria-describedby={id} />
      <small id={id}>{hint}</small>
    </label>
  )
}

/** One of several. */
export function Choice({
  label,
  name,
  options,
  value,
  onChange,
}: {
  readonly label: string
  readonly name: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly value?: string | undefined
  readonly onChange?: (value: string) => void
}): VNode {
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name} onChange={event => onChange?.(event.currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key} selected={key === value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
