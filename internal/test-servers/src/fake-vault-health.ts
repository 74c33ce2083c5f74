import type { Answer } from './answer.ts'
import { vaultJson } from './vault-json.ts'

/** What a server is doing. */
export type VaultState = 'active' | 'standby' | 'sealed' | 'uninitialised'

const statuses: Readonly<Record<VaultState, number>> = { active: 200, standby: 429, sealed: 503, uninitialised: 501 }

const modes: Readonly<Record<VaultState, readonly [performance: string, recovery: string]>> = {
  active: ['disabled', 'disabled'],
  standby: ['primary', 'disabled'],
  sealed: ['unknown', 'unknown'],
  uninitialised: ['unknown', 'unknown'],
}

const cluster = {
  cluster_name: 'vault-cluster-d6f94621',
  cluster_id: 'f22c958a-9788-2a1e-9597-9314eebc156f',
} as const

/** What `sys/health` says. */
export function healthOf(state: VaultState): Answer {
  const isSealed = state === 'sealed' || state === 'uninitialised'
  const [performance, recovery] = modes[state]
  const body = vaultJson({
    initialized: state !== 'uninitialised',
    sealed: isSealed,
    standby: state !== 'active',
    performance_standby: false,
    replication_performance_mode: performance,
    replication_dr_mode: recovery,
    server_time_utc: Math.floor(Date.now() / 1000),
    version: '2.0.0-HEAD',
    ...(!isSealed && cluster),
  })
  return { status: statuses[state], body }
}
