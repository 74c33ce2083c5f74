import type { Fields } from '../parts/form.tsx'
import { t } from '../words/translate.ts'

/** A configuration as it is stored; names are those of the API. */
export type ProviderConfig = Readonly<Record<string, unknown>>

/** A member of a configuration. */
export interface ConfigFieldDefinition {
  readonly name: string
  readonly label: string
  /** `list` is one item a line, `json` any object. */
  readonly kind: 'text' | 'number' | 'flag' | 'list' | 'json' | readonly (readonly [value: string, label: string])[]
  readonly hint?: string
  /** Whether it goes on with the sentence of the one before, beside which it stands. */
  readonly goesOn?: true
  readonly minimum?: number
  readonly maximum?: number
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
  const read = members.map(
    ({ name, kind }) => [name, valueOf(kind, field(name)), config[name] ?? emptyOf(kind)] as const,
  )
  const changed = read.filter(([, value, stored]) => JSON.stringify(value) !== JSON.stringify(stored))
  return Object.fromEntries(changed.map(([name, value]) => [name, value]))
}

function emptyOf(kind: ConfigFieldDefinition['kind']): unknown {
  return typeof kind === 'string' ? { flag: false, list: [], json: {}, text: '', number: undefined }[kind] : undefined
}

function valueOf(kind: ConfigFieldDefinition['kind'], text: string): unknown {
  if (kind === 'flag') return text === 'on'
  if (kind === 'list') {
    return text
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean)
  }
  if (kind === 'text') return text
  if (text === '') return kind === 'json' ? {} : undefined
  if (kind === 'number') return Number(text)
  return kind === 'json' ? (JSON.parse(text) as unknown) : text
}

function webhookFields(): readonly ConfigFieldDefinition[] {
  return [
    { name: 'webhook_url', label: t('Address'), kind: 'text', hint: t('Where results are sent.') },
    { name: 'webhook_allowed_ips', label: t('Allowed addresses'), kind: 'list', hint: t('One a line; empty = all.') },
    { name: 'webhook_rate_limit_max', label: t('Requests at most'), kind: 'number', minimum: 1, maximum: 10_000 },
    {
      name: 'webhook_rate_limit_window',
      label: t('in so many seconds'),
      kind: 'number',
      minimum: 1,
      maximum: 3600,
      goesOn: true,
    },
    { name: 'webhook_require_signature', label: t('Require a signature'), kind: 'flag' },
  ]
}

function costFields(): readonly ConfigFieldDefinition[] {
  return [
    { name: 'cost_limit_enabled', label: t('Limit what is spent'), kind: 'flag' },
    { name: 'cost_limit_amount', label: t('US dollars'), kind: 'number', minimum: 0 },
    {
      name: 'cost_limit_period',
      label: t('in a'),
      goesOn: true,
      kind: [
        ['daily', t('day')],
        ['weekly', t('week')],
        ['monthly', t('month of 30 days')],
      ],
    },
    {
      name: 'cost_limit_action',
      label: t('and beyond it'),
      kind: [
        ['warn', t('warn')],
        ['block', t('refuse more work')],
      ],
    },
  ]
}

function connectionFields(): readonly ConfigFieldDefinition[] {
  return [
    { name: 'api_base_url', label: t('Address of the API'), kind: 'text' },
    { name: 'org_id', label: t('Organisation'), kind: 'text' },
    { name: 'proxy_url', label: t('Proxy'), kind: 'text' },
    { name: 'http_timeout', label: t('Seconds to wait'), kind: 'number', minimum: 0 },
    { name: 's3_rate_limit_max', label: t('Uploads at most'), kind: 'number', minimum: 1, maximum: 10_000 },
    {
      name: 's3_rate_limit_window',
      label: t('in so many seconds'),
      kind: 'number',
      minimum: 1,
      maximum: 3600,
      goesOn: true,
    },
    { name: 'ssl_ca_bundle', label: t('File of certificates'), kind: 'text' },
    { name: 'ssl_verify', label: t('Check certificates'), kind: 'flag' },
  ]
}

function workFields(): readonly ConfigFieldDefinition[] {
  return [
    { name: 'version_override', label: t('Version of the model'), kind: 'text' },
    { name: 'hardware_profile', label: t('Hardware'), kind: 'text' },
    { name: 'max_runtime_minutes', label: t('Minutes at most'), kind: 'number', minimum: 1 },
    { name: 'preferences', label: t('Preferences'), kind: 'json', hint: t('An object in JSON.') },
  ]
}
