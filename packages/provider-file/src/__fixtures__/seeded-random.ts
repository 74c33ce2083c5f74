/** The same whole numbers below a bound in every run (Lehmer, 1988: minimal standard generator). */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}
