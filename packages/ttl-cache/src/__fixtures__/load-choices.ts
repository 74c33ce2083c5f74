import type { LoadOptions } from '../load-options.ts'
import type { ModelLoadOptions } from './cache-model.ts'
import type { RandomChoices } from './random-choices.ts'

const day = 86_400

/** Lifetimes to choose from, in seconds. */
export const lifetimes: readonly (number | undefined)[] = [
  undefined,
  undefined,
  1,
  5,
  5,
  60,
  Infinity,
  0,
  -1,
  13 * day,
  60 * day,
]

const windows = [undefined, 0, 3, 60, 60, 40 * day, Infinity]

/** Those of a call without any. */
export const noLoadOptions: ModelLoadOptions = {
  ttl: undefined,
  staleWhileRevalidate: undefined,
  staleIfError: undefined,
  decidesByError: false,
  refreshAhead: undefined,
  fresh: undefined,
}

export function pickLoadOptions(random: RandomChoices): ModelLoadOptions {
  const staleIfError = random.pick(windows)
  return {
    ttl: random.pick([1, 1, 5, 5, ...lifetimes]),
    staleWhileRevalidate: random.pick(windows),
    staleIfError,
    decidesByError: staleIfError !== undefined && random.isOneIn(3),
    refreshAhead: random.pick([undefined, undefined, 0, 0.5, 1]),
    fresh: random.pick([undefined, false, true]),
  }
}

/** The same as the cache wants them. */
export function realLoadOptions(
  options: ModelLoadOptions,
  random: RandomChoices,
): LoadOptions<number | null> | undefined {
  if (options === noLoadOptions) return random.pick([undefined, {}])
  const { ttl, staleIfError, decidesByError, ...others } = options
  return {
    ...others,
    ttl: ttl !== undefined && random.isOneIn(2) ? () => ttl : ttl,
    staleIfError: decidesByError ? () => staleIfError ?? 0 : staleIfError,
  }
}
