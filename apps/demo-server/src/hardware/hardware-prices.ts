import { getHardwareInfoAsync, type HardwareInfo, type HardwareInfoStore } from '@st/hardware-info'
import type { AuditActor } from '../audit/audit-event.ts'
import type { ProviderConfig } from '../provider-configs/provider-config-schema.ts'
import type { ProviderConfigs, VersionedProviderConfig } from '../provider-configs/provider-configs.ts'

/** The provider whose configuration holds the prices, as in SimpleTuner. */
const provider = 'replicate'

/** The prices in force. */
export interface VersionedHardwareInfo {
  readonly hardware: HardwareInfo
  /** Whether they are configured; else the default ones are in force. */
  readonly isConfigured: boolean
  /** That of the configuration that holds them. */
  readonly version: number
}

/** What to put in the place of the prices, by whom. */
export interface HardwarePricesChange {
  /** Empty: the default ones are in force again. */
  readonly hardware: HardwareInfo
  /** The version that was read before. Default: whatever it is. */
  readonly expectedVersion?: number | undefined
  readonly actor: AuditActor
}

/** GPU prices, which a configuration of a provider holds; the default ones where it holds none (R81–R84). */
export class HardwarePrices {
  readonly #configs: Pick<ProviderConfigs, 'get' | 'update'>
  /** One for each configuration that was read, so that prices and version are always of the same one. */
  readonly #stores = new WeakMap<VersionedProviderConfig, HardwareInfoStore>()

  constructor(configs: Pick<ProviderConfigs, 'get' | 'update'>) {
    this.#configs = configs
  }

  /** Reads them, from the caches where they are there. */
  async get(): Promise<VersionedHardwareInfo> {
    return this.#pricesOf(await this.#configs.get(provider))
  }

  /** Replaces them. @throws Refusal `STALE_VERSION`, `INVALID_HARDWARE_INFO` */
  async replace({ hardware, ...change }: HardwarePricesChange): Promise<VersionedHardwareInfo> {
    const stored = Object.fromEntries(Object.entries(hardware).map(([id, price]) => [id, { ...price }]))
    return this.#pricesOf(await this.#configs.update(provider, { update: { hardware_info: stored }, ...change }))
  }

  async #pricesOf(versioned: VersionedProviderConfig): Promise<VersionedHardwareInfo> {
    const { config, version } = versioned
    const table = pricesOf(config)
    const store = this.#stores.get(versioned) ?? { readHardwareInfo: () => table }
    this.#stores.set(versioned, store)
    return { hardware: await getHardwareInfoAsync(store), isConfigured: table !== undefined, version }
  }
}

/** As they are stored: a name may be missing, and there may be more than prices. */
function pricesOf({ hardware_info: stored = {} }: Readonly<ProviderConfig>): unknown {
  const entries = Object.entries(stored)
  if (entries.length === 0) return undefined
  return Object.fromEntries(entries.map(([id, price]) => [id, { ...price, name: nameOf(price) ?? id }]))
}

function nameOf({ name }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof name === 'string' && name !== '' ? name : undefined
}
