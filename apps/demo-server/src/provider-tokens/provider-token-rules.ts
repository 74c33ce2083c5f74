import { SecretsManager } from '@st/secrets-core'
import { Refusal } from '../refusal.ts'

/** What is known of the token that opens a provider for the whole server (R116, R117). */
export interface ProviderTokenRule {
  readonly provider: string
  /** Name of the credential by which a user has a token of one's own. */
  readonly credential: string
  /** Key of the secret. */
  readonly key: string
  /** What every such token begins with. Default: anything. */
  readonly prefix?: string
}

/** One for each provider that has a token. */
const rules: readonly ProviderTokenRule[] = [
  {
    provider: 'replicate',
    credential: 'api_token',
    key: SecretsManager.REPLICATE_API_TOKEN,
    prefix: 'r8_',
  },
  { provider: 'simpletuner_io', credential: 'refresh_token', key: 'SIMPLETUNER_IO_REFRESH_TOKEN' },
  { provider: 'huggingface', credential: 'api_token', key: SecretsManager.HF_TOKEN },
]

/** @throws Refusal `PROVIDER_WITHOUT_TOKEN` */
export function providerTokenRule(provider: string): ProviderTokenRule {
  const rule = rules.find(known => known.provider === provider)
  if (rule !== undefined) return rule
  const names = rules.map(known => known.provider).join(', ')
  throw new Refusal('not_found', 'PROVIDER_WITHOUT_TOKEN', `This provider has no token here; these have: ${names}.`)
}

/** Key of the global secret that stands in for a user's credential; `undefined` where there is none. */
export function globalKeyOf(provider: string, credential: string): string | undefined {
  return rules.find(known => known.provider === provider && known.credential === credential)?.key
}

/**
 * The token as it is stored, without white space at its ends.
 *
 * @throws Refusal `INVALID_TOKEN`
 */
export function requireToken({ provider, prefix = '' }: ProviderTokenRule, given: string): string {
  const token = given.trim()
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Refusal('invalid', 'INVALID_TOKEN', `A token of ${provider} is ASCII text without white space.`)
  }
  if (token.startsWith(prefix) && token.length > prefix.length) return token
  throw new Refusal('invalid', 'INVALID_TOKEN', `A token of ${provider} begins with "${prefix}".`)
}
