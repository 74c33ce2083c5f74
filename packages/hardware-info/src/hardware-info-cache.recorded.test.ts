import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HardwareInfoCache } from './hardware-info-cache.ts'
import type { HardwareInfo } from './hardware-price.ts'
import { DEFAULT_HARDWARE_INFO, UPSTREAM_HARDWARE_INFO } from './price-tables.ts'

interface Configuration {
  readonly hardware_info?: unknown
}

interface Step {
  readonly op: string
  readonly store?: string
  readonly config?: Configuration
  readonly info?: HardwareInfo
  readonly s?: number
  readonly result?: unknown
}

/** What SimpleTuner was seen to do. */
interface Recording {
  readonly name: string
  readonly stores?: Readonly<Record<string, Configuration | 'raise'>>
  readonly steps: readonly Step[]
}

// Written by the generator of the recordings.
const recordings = JSON.parse(
  readFileSync(new URL('__fixtures__/hardware-info.json', import.meta.url), 'utf8'),
) as readonly Recording[]

/** Where R81 to R85 ask for something else than what was recorded. */
const different = new Set([
  'defaults and api names',
  'a call without a store hides the configured table for 300 s',
  'mutating a returned table changes the defaults',
])

class RecordedStore {
  calls = 0
  configuration: Configuration | 'raise'

  constructor(configuration: Configuration | 'raise') {
    this.configuration = configuration
  }

  async readHardwareInfo(): Promise<unknown> {
    this.calls += 1
    if (this.configuration === 'raise') throw new Error('the store is down')
    return await Promise.resolve(this.configuration.hardware_info)
  }
}

/** Our answers to the steps that have one, each beside the recorded one with our default table in it. */
async function replay({ stores: configurations = {}, steps }: Recording): Promise<readonly [unknown, unknown][]> {
  let nowMs = 0
  const cache = new HardwareInfoCache({ now: () => nowMs })
  const stores = new Map(Object.entries(configurations).map(([name, config]) => [name, new RecordedStore(config)]))
  const storeOf = ({ store = '' }: Step): RecordedStore | undefined => stores.get(store)
  const operations: Record<string, (step: Step) => unknown> = {
    get: async step => await cache.getAsync(storeOf(step)),
    storeCalls: step => storeOf(step)?.calls,
    costPerHour: async step => {
      await cache.getAsync(storeOf(step))
      return cache.defaultCostPerHour()
    },
    clear: () => {
      cache.clear()
    },
    setInfo: ({ info = {} }) => {
      cache.set(info)
    },
    setStore: step => {
      const store = storeOf(step)
      if (store !== undefined) store.configuration = step.config ?? {}
    },
    advance: ({ s = 0 }) => {
      nowMs += s * 1000
    },
  }
  const answers: [unknown, unknown][] = []
  for (const step of steps) answers.push([await operations[step.op]?.(step), ours(step.result)])
  return answers
}

function ours(recorded: unknown): unknown {
  if (recorded === 3.499999) return 0.000975 * 3600
  return JSON.stringify(recorded) === JSON.stringify(UPSTREAM_HARDWARE_INFO) ? DEFAULT_HARDWARE_INFO : recorded
}

describe('recorded behaviour', () => {
  it('is all there', () => {
    expect(recordings).toHaveLength(8)
    expect(recordings.filter(({ name }) => !different.has(name))).toHaveLength(5)
  })

  it.each(recordings.filter(({ name }) => !different.has(name)))('$name', async recording => {
    const answers = await replay(recording)

    expect(answers.map(([answer]) => answer)).toEqual(answers.map(([, recorded]) => recorded))
  })

  it('a call without a store does not hide the configured table', async () => {
    const recording = recordings.find(({ name }) => name.startsWith('a call without a store'))

    const answers = recording === undefined ? [] : await replay(recording)

    expect(answers.map(([answer]) => answer)).toEqual([
      DEFAULT_HARDWARE_INFO,
      { 'gpu-l40s': { name: 'L40S (48GB)', cost_per_second: 0.000975 } },
      1,
    ])
  })
})
