import type { ProviderConfig } from '../api/shapes.ts'
import type { Fields } from '../parts/form.tsx'
import { ruleOf } from '../state/settings.ts'
import { t } from '../words/translate.ts'

/** A member of a configuration; what it may be is said by the schema of the API. */
export interface ConfigFieldDefinition {
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** Whether it goes on with the sentence of the one before, beside which it stands. */
  readonly goesOn?: true
  /** What each value is called, where there are few. */
  readonly words?: Readonly<Record<string, string>>
  /** Whether a flag that was never set is one that is set. */
  readonly isOn?: boolean
}

/** Members that belong together. */
export interface ConfigGroup {
  readonly title: string
  readonly fields: readonly ConfigFieldDefinition[]
}

/** The members of a configuration, in groups. */
export function configFields(): readonly ConfigGroup[] {
  return [
    { title: t('Webhooks'), fields: webhookFields() },
    { title: t('Limit of cost'), fields: costFields() },
    { title: t('Connection'), fields: connectionFields() },
    { title: t('Work'), fields: workFields() },
  ]
}

/** Fields that stand side by side, as one thing. */
export function sentencesOf(fields: readonly ConfigFieldDefinition[]): readonly (readonly ConfigFieldDefinition[])[] {
  return fields.flatMap((field, index) => {
    const next = fields[index + 1]
    if (field.goesOn) return []
    return [next?.goesOn ? [field, next] : [field]]
  })
}

/** The members that differ from what is stored. An emptied text is `''`; of the others the API takes no nothing. */
export function changesIn(config: ProviderConfig, field: Fields): Readonly<Record<string, unknown>> {
  const members = configFields().flatMap(({ fields }) => fields)
  const read = members.map(member => {
    const { name } = member
    return [name, valueOf(member, field(name)), config[name] ?? emptyOf(member)] as const
  })
  const changed = read.filter(([, value, stored]) => JSON.stringify(value) !== JSON.stringify(stored))
  return Object.fromEntries(changed.map(([name, value]) => [name, value]))
}

function emptyOf({ name, isOn = false }: ConfigFieldDefinition): unknown {
  return { flag: isOn, list: [], json: {}, text: '', number: undefined, choice: undefined }[ruleOf('config', name).type]
}

function valueOf({ name }: ConfigFieldDefinition, text: string): unknown {
  const { type } = ruleOf('config', name)
  if (type === 'flag') return text === 'on'
  if (type === 'list') {
    return text
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean)
  }
  if (type === 'text') return text
  if (text === '') return type === 'json' ? {} : undefined
  if (type === 'number') return Number(text)
  return type === 'json' ? (JSON.parse(text) as unknown) : text
}

function webhookFields(): readonly ConfigFieldDefinition[] {
  return [
    { name: 'webhook_url', label: t('Address'), hint: t('Where results are sent.') },
    { name: 'webhook_allowed_ips', label: t('Allowed addresses'), hint: t('One a line; empty = all.') },
    { name: 'webhook_rate_limit_max', label: t('Requests at most') },
    { name: 'webhook_rate_limit_window', label: t('in so many seconds'), goesOn: true },
    { name: 'webhook_require_signature', label: t('Require a signature') },
  ]
}

function costFields(): readonly ConfigFieldDefinition[] {
  return [
    { name: 'cost_limit_enabled', label: t('Limit what is spent') },
    { name: 'cost_limit_amount', label: t('US dollars') },
    {
      name: 'cost_limit_period',
      label: t('in a'),
      goesOn: true,
      words: { daily: t('day'), weekly: t('week'), monthly: t('month of 30 days') },
    },
    { name: 'cost_limit_action', label: t('and beyond it'), words: { warn: t('warn'), block: t('refuse more work') } },
  ]
}

function connectionFields(): readonly ConfigFieldDefinition[] {
  return [
    { name: 'api_base_url', label: t('Address of the API') },
    { name: 'org_id', label: t('Organisation') },
    { name: 'proxy_url', label: t('Proxy') },
    { name: 'http_timeout', label: t('Seconds to wait') },
    { name: 's3_rate_limit_max', label: t('Uploads at most') },
    { name: 's3_rate_limit_window', label: t('in so many seconds'), goesOn: true },
    { name: 'ssl_ca_bundle', label: t('File of certificates') },
    { name: 'ssl_verify', label: t('Check certificates'), isOn: true },
  ]
}

function workFields(): readonly ConfigFieldDefinition[] {
  return [
    { name: 'version_override', label: t('Version of the model') },
    { name: 'hardware_profile', label: t('Hardware') },
    { name: 'max_runtime_minutes', label: t('Minutes at most') },
    { name: 'preferences', label: t('Preferences'), hint: t('An object in JSON.') },
  ]
}
