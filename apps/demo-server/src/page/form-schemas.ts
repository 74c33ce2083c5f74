import type { ConsoleSchemas } from '@st/console'
import { CredentialSettingsSchema } from '../credentials/stale-credential-routes.ts'
import { PriceSchema, UsageSchema } from '../hardware/hardware-routes.ts'
import { ProviderConfigSchema, ProviderConfigUpdateSchema } from '../provider-configs/provider-config-schema.ts'

const { cost_limit_amount, cost_limit_period, cost_limit_action, http_timeout } = ProviderConfigSchema.properties

/** What the fields of the console keep to: the API's own schemas. */
export const formSchemas: ConsoleSchemas = {
  config: {
    properties: {
      ...ProviderConfigUpdateSchema.properties,
      // A request that breaks these is refused in SimpleTuner's words, for which its schema leaves them open.
      cost_limit_amount,
      cost_limit_period,
      cost_limit_action,
      http_timeout,
    },
  },
  price: PriceSchema,
  ages: CredentialSettingsSchema,
  cost: UsageSchema,
}
