/** What one kind of GPU costs. The names are those of stored configurations. */
export interface HardwarePrice {
  /** Name for people, such as `L40S (48GB)`. */
  readonly name: string
  /** US dollars per second of use; finite, 0 or more. */
  readonly cost_per_second: number
}

/** GPU prices by the identifier of the hardware, such as `gpu-l40s`. */
export type HardwareInfo = Readonly<Record<string, HardwarePrice>>
