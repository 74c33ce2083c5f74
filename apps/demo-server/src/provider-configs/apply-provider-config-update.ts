import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { Check, Errors } from 'typebox/value'
import { Refusal } from '../refusal.ts'
import { IpAllowList } from '../webhooks/ip-allow-list.ts'
import { checkWebhookUrl } from '../webhooks/webhook-url.ts'
import { hardwareProfile } from './hardware-profile.ts'
import { type ProviderConfig, type ProviderConfigUpdate, ProviderConfigUpdateSchema } from './provider-config-schema.ts'

/** What decides which changes are accepted. */
export interface UpdateOptions {
  /** Whether webhooks may go to this machine and its networks. Default: false. */
  readonly allowsPrivateWebhooks?: boolean | undefined
}

/**
 * The configuration after a change; the one of before is left as it is.
 *
 * @throws Refusal with SimpleTuner's message for the rule that is broken (R113).
 */
export async function applyProviderConfigUpdate(
  { provider, config: current }: { readonly provider: string; readonly config: Readonly<ProviderConfig> },
  update: ProviderConfigUpdate,
  { allowsPrivateWebhooks = false }: UpdateOptions = {},
): Promise<ProviderConfig> {
  requireSchema(update)
  const context = { provider, allowsPrivateWebhooks }
  const config: Record<string, unknown> = { ...current }
  for (const [member, value] of Object.entries(update)) {
    if (value === null || value === undefined) continue
    const rule = rules[member]
    const settled = rule === undefined ? value : await rule(value, context)
    if (settled === undefined) delete config[member]
    else config[member] = settled
  }
  return config
}

function requireSchema(update: ProviderConfigUpdate): void {
  if (Check(ProviderConfigUpdateSchema, update)) return
  const [first] = Errors(ProviderConfigUpdateSchema, update)
  const where = first?.instancePath ? `"${first.instancePath.slice(1)}" ` : ''
  throw invalid('INVALID_PROVIDER_CONFIG', `The configuration ${where}${first?.message ?? 'breaks a rule'}.`)
}

/** What a member is stored as; `undefined` removes it. The schema has been checked, so that each gets its type. */
type Rule = (value: unknown, context: RuleContext) => unknown

interface RuleContext {
  readonly provider: string
  readonly allowsPrivateWebhooks: boolean
}

const rules: Readonly<Record<string, Rule>> = {
  version_override: value => value || null,
  webhook_url: (value, { allowsPrivateWebhooks }) => webhookUrl(String(value), allowsPrivateWebhooks),
  cost_limit_amount: value => {
    if (Number(value) >= 0) return value
    throw invalid('INVALID_COST_LIMIT', 'Cost limit amount must be non-negative')
  },
  cost_limit_period: value => {
    if (['daily', 'weekly', 'monthly'].includes(String(value))) return value
    throw invalid('INVALID_COST_LIMIT', "Cost limit period must be 'daily', 'weekly', or 'monthly'")
  },
  cost_limit_action: value => {
    if (['warn', 'block'].includes(String(value))) return value
    throw invalid('INVALID_COST_LIMIT', "Cost limit action must be 'warn' or 'block'")
  },
  hardware_info: value => {
    for (const [id, price] of Object.entries(Object(value))) requirePrice(id, price)
    return value
  },
  hardware_profile: (value, { provider }) => (value === '' ? undefined : hardwareProfile(provider, String(value))),
  webhook_allowed_ips: value => {
    for (const range of Array.isArray(value) ? value : []) requireIpRange(String(range))
    return value
  },
  ssl_ca_bundle: value => (value === '' ? undefined : caBundle(String(value))),
  proxy_url: value => value || undefined,
  http_timeout: value => (Number(value) > 0 ? value : undefined),
  org_id: value => String(value).trim() || undefined,
  api_base_url: value => (value === '' ? undefined : baseUrl(String(value))),
}

function requirePrice(id: string, price: unknown): void {
  if (typeof price !== 'object' || price === null || !Object.hasOwn(price, 'cost_per_second')) {
    throw invalid('INVALID_HARDWARE_INFO', `Hardware info for '${id}' must include 'cost_per_second'`)
  }
  const cost = 'cost_per_second' in price ? price.cost_per_second : undefined
  if (typeof cost === 'number' && Number.isFinite(cost) && cost >= 0) return
  throw invalid('INVALID_HARDWARE_INFO', `cost_per_second for '${id}' must be a non-negative number`)
}

function webhookUrl(text: string, allowsPrivate: boolean): string | null {
  const verdict = checkWebhookUrl(text, allowsPrivate)
  if ('problem' in verdict) throw invalid('INVALID_WEBHOOK_URL', verdict.problem)
  return verdict.url ?? null
}

function requireIpRange(range: string): void {
  // A zone means something on one machine only, and is not compared.
  const isRange = !range.includes('%') && new IpAllowList([range]).ignored.length === 0
  if (!isRange) throw invalid('INVALID_IP_RANGE', `Invalid IP address or CIDR: ${range}`)
}

async function caBundle(text: string): Promise<string> {
  const path = resolve(text.replace(/^~(?=\/|$)/, homedir()))
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw invalid('INVALID_CA_BUNDLE', `CA bundle path does not exist: ${text}`)
  if (!found.isFile()) throw invalid('INVALID_CA_BUNDLE', `CA bundle path is not a file: ${text}`)
  return path
}

function baseUrl(text: string): string {
  if (/^https?:\/\/[^/?#]/i.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '')
  throw invalid('INVALID_BASE_URL', 'api_base_url must include scheme and host (e.g., https://simpletuner.io)')
}

function invalid(code: string, message: string): Refusal {
  return new Refusal('invalid', code, message)
}
