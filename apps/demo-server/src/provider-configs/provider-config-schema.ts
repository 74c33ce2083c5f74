import { Type } from 'typebox'

/** Members that are absent or `null` are left as they are. */
function change<T extends Parameters<typeof Type.Optional>[0]>(schema: T) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

const limit = (maximum: number) => Type.Integer({ minimum: 1, maximum })

/** What a request may change of a provider's configuration; names as SimpleTuner has them (R114). */
export const ProviderConfigUpdateSchema = Type.Object(
  {
    version_override: change(Type.String({ maxLength: 200 })),
    webhook_url: change(Type.String({ maxLength: 2000 })),
    preferences: change(Type.Record(Type.String(), Type.Unknown())),
    cost_limit_enabled: change(Type.Boolean()),
    cost_limit_amount: change(Type.Number()),
    cost_limit_period: change(Type.String()),
    cost_limit_action: change(Type.String()),
    hardware_info: change(Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()))),
    hardware_profile: change(Type.String({ maxLength: 200 })),
    webhook_require_signature: change(Type.Boolean()),
    webhook_allowed_ips: change(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 1000 })),
    ssl_verify: change(Type.Boolean()),
    ssl_ca_bundle: change(Type.String({ maxLength: 4000 })),
    proxy_url: change(Type.String({ maxLength: 2000 })),
    http_timeout: change(Type.Number()),
    webhook_rate_limit_max: change(limit(10_000)),
    webhook_rate_limit_window: change(limit(3600)),
    s3_rate_limit_max: change(limit(10_000)),
    s3_rate_limit_window: change(limit(3600)),
    org_id: change(Type.String({ maxLength: 200 })),
    api_base_url: change(Type.String({ maxLength: 2000 })),
    max_runtime_minutes: change(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
)

/** What a request may change of a provider's configuration. */
export type ProviderConfigUpdate = Type.Static<typeof ProviderConfigUpdateSchema>

/**
 * A configuration as it is stored and answered. What a member can be is said here where a request that breaks it gets
 * SimpleTuner's own sentence instead of the schema's.
 */
export const ProviderConfigSchema = Type.Object({
  version_override: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  webhook_url: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  preferences: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  cost_limit_enabled: Type.Optional(Type.Boolean()),
  cost_limit_amount: Type.Optional(Type.Number({ minimum: 0 })),
  cost_limit_period: Type.Optional(Type.Enum(['daily', 'weekly', 'monthly'])),
  cost_limit_action: Type.Optional(Type.Enum(['warn', 'block'])),
  hardware_info: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()))),
  hardware_profile: Type.Optional(Type.String()),
  webhook_require_signature: Type.Optional(Type.Boolean()),
  webhook_allowed_ips: Type.Optional(Type.Array(Type.String())),
  ssl_verify: Type.Optional(Type.Boolean()),
  ssl_ca_bundle: Type.Optional(Type.String()),
  proxy_url: Type.Optional(Type.String()),
  http_timeout: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  webhook_rate_limit_max: Type.Optional(Type.Integer()),
  webhook_rate_limit_window: Type.Optional(Type.Integer()),
  s3_rate_limit_max: Type.Optional(Type.Integer()),
  s3_rate_limit_window: Type.Optional(Type.Integer()),
  org_id: Type.Optional(Type.String()),
  api_base_url: Type.Optional(Type.String()),
  max_runtime_minutes: Type.Optional(Type.Integer()),
})

/** A configuration as it is stored and answered. */
export type ProviderConfig = Type.Static<typeof ProviderConfigSchema>

/** Parameters of the address of a provider; which names there can be is for the rules to say. */
export const ProviderParamsSchema = Type.Object({ provider: Type.String({ minLength: 1, maxLength: 600 }) })
