import { ChainPass } from '../chain/chain-pass.ts'
import { pause } from '../policy/deadline.ts'
import { isAuthError } from './auth-error.ts'
import { channels } from './diagnostics.ts'
import type { OnDemandParts } from './on-demand.ts'
import { SecretLoadError } from './secret-load-error.ts'

/** What is given to that which is loaded on demand, the same for every manager. */
export const onDemandParts: OnDemandParts = {
  setChannel: channels.set,
  isAuthError,
  pause,
  passOf: options => new ChainPass(options),
  loadErrorOf: (problems, isTransient) => new SecretLoadError(problems, isTransient),
}
