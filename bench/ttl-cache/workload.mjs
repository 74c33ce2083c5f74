// The same keys, values and orders of access in every process: all randomness comes from one fixed seed.

const keysPerPrefix = 100
const exponent = 0.99

/**
 * @typedef {object} Workload
 * @property {string[]} keys Those that are stored. 100 share a prefix up to the second colon.
 * @property {string[]} others As many under the same prefixes that are not stored.
 * @property {{ id: number }[]} values
 * @property {Int32Array} order Indices of keys as they are asked for: few of them often (Zipf), scattered over memory.
 * @property {Int32Array} shuffled Each index once.
 * @property {Uint8Array} isWrite For each access in `order`, one in ten is 1.
 */

/** @returns {Workload} */
export function makeWorkload(entries, accesses) {
  const random = seededRandom(0x5eed)
  const shuffled = shuffle(entries, random)
  return {
    keys: Array.from({ length: entries }, (_, index) => makeKey(index, 0)),
    others: Array.from({ length: entries }, (_, index) => makeKey(index, keysPerPrefix)),
    values: Array.from({ length: entries }, (_, id) => ({ id })),
    order: zipf(accesses, shuffled, random),
    shuffled,
    isWrite: Uint8Array.from({ length: accesses }, () => Number(random() < 0.1)),
  }
}

export function prefixOf(group) {
  return `provider:replicate${group}:`
}

// A concatenation is a tree of its parts until someone flattens it; a decoded buffer is flat, one byte per character.
function makeKey(index, offset) {
  const text = `${prefixOf(Math.floor(index / keysPerPrefix))}config${(index % keysPerPrefix) + offset}`
  return Buffer.from(text, 'latin1').toString('latin1')
}

function zipf(length, indexOfRank, random) {
  const cumulative = new Float64Array(indexOfRank.length)
  let total = 0
  for (let rank = 0; rank < cumulative.length; rank++) {
    total += 1 / (rank + 1) ** exponent
    cumulative[rank] = total
  }
  return Int32Array.from({ length }, () => indexOfRank[firstAtLeast(cumulative, random() * total)])
}

function firstAtLeast(sorted, wanted) {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] < wanted) low = middle + 1
    else high = middle
  }
  return low
}

function shuffle(length, random) {
  const indices = Int32Array.from({ length }, (_, index) => index)
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const kept = indices[last]
    indices[last] = indices[other]
    indices[other] = kept
  }
  return indices
}

/** Mulberry32: numbers in [0, 1) that are the same in every run. */
function seededRandom(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
