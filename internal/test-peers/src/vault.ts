import type { Peer } from './peer.ts'

/** A running Vault or OpenBao. Its variables have names of their own, so that no test ever writes into a team's Vault. */
export const vault: Peer<{ readonly url: string; readonly token: string }> = {
  what: 'Tests against a real Vault',
  how: 'start one (vault server -dev) and set ST_TEST_VAULT_ADDR and ST_TEST_VAULT_TOKEN',
  find() {
    const { ST_TEST_VAULT_ADDR: url, ST_TEST_VAULT_TOKEN: token } = process.env
    return url && token ? { url, token } : undefined
  },
}
