import type { VNode } from 'preact'
import type { ProviderConfig } from '../api/shapes.ts'
import { Choice, Field } from '../parts/field.tsx'
import { ruleOf } from '../state/settings.ts'
import { useId } from '../state/use-id.ts'
import { t } from '../words/translate.ts'
import type { ConfigFieldDefinition } from './config-fields.ts'

/** A member of a configuration to fill in; its rules are checked before it is sent. */
export function ConfigField({
  field,
  config,
}: {
  readonly field: ConfigFieldDefinition
  readonly config: ProviderConfig
}): VNode {
  const { name, label, hint, words = {}, isOn } = field
  const value = config[name]
  const rule = ruleOf('config', name)
  if (rule.type === 'flag') {
    return (
      <label class="check">
        <input type="checkbox" name={name} defaultChecked={value === undefined ? isOn : value === true} /> {label}
      </label>
    )
  }
  if (rule.type === 'choice') {
    const options = (rule.values ?? []).map(each => [each, words[each] ?? each] as const)
    const all = value === undefined ? [['', t('not set')] as const, ...options] : options
    return <Choice name={name} label={label} value={text(value)} options={all} />
  }
  if (rule.type === 'list' || rule.type === 'json') {
    return <Lines name={name} label={label} hint={hint} kind={rule.type} value={value} />
  }
  const isNeeded = rule.type === 'number' && value !== undefined
  return <Field name={name} label={label} rule={rule} required={isNeeded} defaultValue={text(value)} hint={hint} />
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
