import type { ProviderContext, ProviderHost } from '@st/secrets-core/provider'
import { token } from './exemplary-provider.ts'
import { mutant, type Flaw } from './mutant.ts'

const attached = 'reads with a host that was attached before as it reads without'
const told = 'tells its host no secret, and no credential but those to protect'

/** Flaws in what a provider does with its host. */
export const brokenHosts: Readonly<Record<string, Flaw>> = {
  'refuses a host': [
    mutant(() => ({
      attach: () => {
        throw new Error('not now')
      },
    })),
    attached,
    told,
  ],
  'attaches a host later': [mutant(() => ({ attach: async () => {} })), attached],
  'reads no more once it has a host': [
    mutant(({ getSecret }) => {
      let isAttached = false
      return {
        attach: () => void (isAttached = true),
        getSecret: async (key: string, context: ProviderContext) => (isAttached ? undefined : getSecret(key, context)),
      }
    }),
    attached,
  ],
  'reports its token': [mutant(() => ({ attach: (host: ProviderHost) => host.report('login', { token }) })), told],
  'reports a secret as changed': [
    mutant((_original, secrets) => ({ attach: (host: ProviderHost) => host.changed(Object.values(secrets)) })),
    told,
  ],
  'has nothing protected': [mutant(() => ({ attach: (host: ProviderHost) => host.protect('') })), told],
}
