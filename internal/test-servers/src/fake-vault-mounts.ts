import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import { refusal, vaultAnswer } from './vault-answers.ts'
import type { VaultEngine } from './vault-engine.ts'

/** Engines by the path of their mount, with a slash at the end. */
export type Mounts = ReadonlyMap<string, VaultEngine>

/** The mount that a path is in and its engine; `['', undefined]` when there is none. */
export function mountOf(path: string, mounts: Mounts): readonly [string, VaultEngine | undefined] {
  const mount = [...mounts.keys()].find(candidate => `${path}/`.startsWith(candidate)) ?? ''
  return [mount, mounts.get(mount)]
}

/** Says which mount a path is in, to a token that may see it. */
export function preflight(path: string, mounts: Mounts, maySee: (mount: string) => boolean): Answer {
  const [mount, engine] = mountOf(path, mounts)
  if (engine === undefined || !maySee(mount)) {
    const hint = `please ensure client's policies grant access to path "${path}/"`
    return refusal(403, `preflight capability check returned 403, ${hint}`)
  }
  const { type, options } = engine
  const id = createHash('sha256').update(mount).digest('hex')
  return vaultAnswer({
    accessor: `${type}_${id.slice(0, 8)}`,
    config: { default_lease_ttl: 0, force_no_cache: false, max_lease_ttl: 0 },
    deprecation_status: 'supported',
    description: '',
    external_entropy_access: false,
    local: false,
    options,
    path: mount,
    plugin_version: '',
    running_plugin_version: 'v2.0.0+builtin.bao',
    running_sha256: '',
    seal_wrap: false,
    type,
    uuid: [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20, 32)].join('-'),
    ...ownDetails[type],
  })
}

const ownDetails: Readonly<Record<string, object>> = {
  cubbyhole: { deprecation_status: undefined, description: 'per-token private secret storage', local: true },
}
