import { chromium } from './chromium.ts'
import { moto } from './moto.ts'
import { postgres } from './postgres.ts'
import { pythonCryptography } from './python-cryptography.ts'
import { vault } from './vault.ts'

/** Every peer by name. A new one needs a file of its own and a line here. */
export const peers: {
  readonly chromium: typeof chromium
  readonly moto: typeof moto
  readonly postgres: typeof postgres
  readonly pythonCryptography: typeof pythonCryptography
  readonly vault: typeof vault
} = {
  chromium,
  moto,
  postgres,
  pythonCryptography,
  vault,
}

/** Names of the peers. */
export type PeerName = keyof typeof peers
