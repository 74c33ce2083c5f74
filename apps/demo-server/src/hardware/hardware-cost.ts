import { type HardwareInfo, hardwareProfile, usageCost } from '@st/hardware-info'
import { Refusal } from '../refusal.ts'

/** What is to be paid for. */
export interface HardwareCostRequest {
  /** Of the table of prices; this or a `profile`. */
  readonly hardware?: string
  /** A name for some GPUs of one kind, such as `h100-x2`. */
  readonly profile?: string
  /** How many GPUs; a profile says it itself. Default: 1. */
  readonly gpus?: number
  /** How long; this or `hours`. */
  readonly seconds?: number
  readonly hours?: number
  /** Digits behind the point. Default: nothing is rounded. */
  readonly digits?: number
}

/** What it costs. */
export interface HardwareCost {
  /** US dollars, exact or rounded as invoices are. */
  readonly cost: string
  readonly hardware: string
  readonly gpus: number
  readonly costPerSecond: number
}

/**
 * What the use of hardware costs, calculated with decimals.
 *
 * @throws Refusal `AMBIGUOUS_USAGE`, `UNKNOWN_PROFILE`, `HARDWARE_NOT_FOUND`
 */
export function hardwareCost(prices: HardwareInfo, request: HardwareCostRequest): HardwareCost {
  const { hardware, gpus } = gpusOf(request)
  const price = Object.hasOwn(prices, hardware) ? prices[hardware] : undefined
  if (price === undefined) {
    const known = Object.keys(prices).join(', ')
    throw new Refusal('not_found', 'HARDWARE_NOT_FOUND', `There is no price of that hardware; there are: ${known}.`)
  }
  const { seconds, times } = durationOf(request)
  const cost = usageCost(price, { seconds, gpus: gpus * times, digits: request.digits })
  return { cost, hardware, gpus, costPerSecond: price.cost_per_second }
}

function gpusOf({ hardware, profile, gpus }: HardwareCostRequest): {
  readonly hardware: string
  readonly gpus: number
} {
  if (hardware !== undefined && profile === undefined) return { hardware, gpus: gpus ?? 1 }
  if (profile === undefined || hardware !== undefined || gpus !== undefined) {
    throw ambiguous('Give either hardware, with the number of its gpus, or a profile.')
  }
  try {
    return hardwareProfile(profile)
  } catch (error) {
    // Lists the profiles.
    const message = error instanceof RangeError ? error.message : 'There is no such hardware profile.'
    throw new Refusal('invalid', 'UNKNOWN_PROFILE', message)
  }
}

/** An hour of one GPU costs what a second of 3600 costs: multiplied there, nothing is lost, as it is in `hours * 3600`. */
function durationOf({ seconds, hours }: HardwareCostRequest): { readonly seconds: number; readonly times: number } {
  if (seconds !== undefined && hours === undefined) return { seconds, times: 1 }
  if (hours !== undefined && seconds === undefined) return { seconds: hours, times: 3600 }
  throw ambiguous('Give either seconds or hours.')
}

function ambiguous(message: string): Refusal {
  return new Refusal('invalid', 'AMBIGUOUS_USAGE', message)
}
