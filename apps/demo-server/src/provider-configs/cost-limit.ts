import { Type } from 'typebox'
import type { ProviderConfig } from './provider-config-schema.ts'

/** How spending stands against the limit. */
export const CostLimitStatusSchema = Type.Object({
  state: Type.Enum(['off', 'within', 'warning', 'exceeded'], {
    description: '`off` when there is no limit, `warning` from 80 % on, `exceeded` from 100 % on.',
  }),
  amount: Type.Optional(Type.Number({ description: 'US dollars; absent when there is no limit.' })),
  periodDays: Type.Enum([1, 7, 30], { description: 'Over how many days spending is added up.' }),
  isBlocked: Type.Boolean({ description: 'Whether no more may be spent: exceeded, and the action is to block.' }),
})

/** How spending stands against the limit (R115). */
export type CostLimitStatus = Readonly<Type.Static<typeof CostLimitStatusSchema>>

/** Days of a period; one that is not named is a month. */
function costLimitDays({
  cost_limit_period: period = 'monthly',
}: Pick<ProviderConfig, 'cost_limit_period'>): 1 | 7 | 30 {
  if (period === 'daily') return 1
  return period === 'weekly' ? 7 : 30
}

/**
 * Compares what was spent with the limit of a configuration.
 *
 * @param spent - US dollars over the last `periodDays`.
 */
export function costLimitStatus(config: ProviderConfig, spent: number): CostLimitStatus {
  const {
    cost_limit_enabled: isEnabled = false,
    cost_limit_amount: amount,
    cost_limit_action: action = 'warn',
  } = config
  const periodDays = costLimitDays(config)
  if (!isEnabled || amount === undefined) return { state: 'off', periodDays, isBlocked: false }
  const state = spent >= amount ? 'exceeded' : spent >= amount * 0.8 ? 'warning' : 'within'
  return { state, amount, periodDays, isBlocked: state === 'exceeded' && action === 'block' }
}
