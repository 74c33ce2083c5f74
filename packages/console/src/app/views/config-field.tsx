import type { VNode } from 'preact'
import { useId } from 'preact/hooks'
import { Choice, Field } from '../parts/field.tsx'
import { t } from '../words/translate.ts'
import type { ConfigFieldDefinition, ProviderConfig } from './config-fields.ts'

/** A member of a configuration to fill in; its rules are checked before it is sent. */
export function ConfigField({
  field: { name, label, kind, hint, minimum, maximum },
  config,
}: {
  readonly field: ConfigFieldDefinition
  readonly config: ProviderConfig
}): VNode {
  const value = config[name]
  if (kind === 'flag') {
    return (
      <label class="check">
        <input type="checkbox" name={name} defaultChecked={value === true} /> {label}
      </label>
    )
  }
  if (typeof kind === 'object') {
    return (
      <Choice
        name={name}
        label={label}
        value={text(value)}
        options={[...(value === undefined ? [['', t('not set')] as const] : []), ...kind]}
      />
    )
  }
  if (kind === 'text' || kind === 'number') {
    return (
      <Field
        name={name}
        label={label}
        type={kind}
        {...(kind === 'number' ? { step: 'any', required: value !== undefined } : {})}
        {...(minimum === undefined ? {} : { min: minimum })}
        {...(maximum === undefined ? {} : { max: maximum })}
        defaultValue={text(value)}
        {...(hint === undefined ? {} : { hint })}
      />
    )
  }
  return <Lines name={name} label={label} hint={hint} kind={kind} value={value} />
}

function Lines({
  name,
  label,
  hint,
  kind,
  value,
}: {
  readonly name: string
  readonly label: string
  readonly hint: string | undefined
  readonly kind: 'list' | 'json'
  readonly value: unknown
}): VNode {
  const id = useId()
  const lines = Array.isArray(value) ? value.join('\n') : value === undefined ? '' : JSON.stringify(value, null, 2)
  return (
    <label class="field">
      <span>{label}</span>
      <textarea
        name={name}
        rows={3}
        defaultValue={lines}
        aria-describedby={id}
        onInput={event => {
          const { currentTarget: area } = event
          area.setCustomValidity(kind === 'json' && !isObject(area.value) ? t('An object in JSON.') : '')
        }}
      />
      <small id={id}>{hint}</small>
    </label>
  )
}

function isObject(json: string): boolean {
  if (json === '') return true
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
