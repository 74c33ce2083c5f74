/** Hardware that a job can be run on: some GPUs of one kind (R86). */
export interface HardwareProfile {
  /** Such as `h100-x2`. */
  readonly id: string
  /** Name for people, such as `2x H100`. */
  readonly label: string
  /** Identifier of one such GPU in a table of prices, such as `gpu-h100`. */
  readonly hardware: string
  /** How many GPUs; the price of one is to be multiplied by it. */
  readonly gpus: number
}

/** The profiles that SimpleTuner knows, by their identifiers: H100 and L40S, each with 1, 2, 4 or 8 GPUs. Frozen. */
export const HARDWARE_PROFILES: Readonly<Record<string, HardwareProfile>> = Object.freeze(
  Object.fromEntries(
    ['h100', 'l40s'].flatMap(kind => [1, 2, 4, 8].map(gpus => profileOf(kind, gpus))).map(item => [item.id, item]),
  ),
)

/**
 * The profile of a name as people and older configurations write it: in any case, with `_` for `-`, with
 * `advanced-trainer-` before it, and `1xh100`, `1x-h100` or `h100-x1` for `h100`.
 *
 * @throws RangeError that lists the profiles, when there is none of that name.
 */
export function hardwareProfile(name: string): HardwareProfile {
  const written = name.trim().toLowerCase().replaceAll('_', '-')
  const short = written.replace(/^advanced-trainer-/, '')
  const id = short.replace(/^(\w+)-x1$|^1x-?(\w+)$/, '$1$2')
  const profile = Object.hasOwn(HARDWARE_PROFILES, id) ? HARDWARE_PROFILES[id] : undefined
  if (profile !== undefined) return profile
  throw new RangeError(`There is no such hardware profile. Known: ${Object.keys(HARDWARE_PROFILES).join(', ')}.`)
}

function profileOf(kind: string, gpus: number): HardwareProfile {
  const name = kind.toUpperCase()
  const [id, label] = gpus === 1 ? [kind, name] : [`${kind}-x${gpus}`, `${gpus}x ${name}`]
  return Object.freeze({ id, label, hardware: `gpu-${kind}`, gpus })
}
