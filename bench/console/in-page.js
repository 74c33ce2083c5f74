// Runs in each window of `views.mjs`, before the page's own script.

globalThis.bench = { markWhenShown, scrollAll }

/** Keeps in `bench.shownAfterMs` when the first such element was painted. */
function markWhenShown(selector) {
  if (document.querySelector(selector) === null) requestAnimationFrame(() => markWhenShown(selector))
  else requestAnimationFrame(() => setTimeout(() => (bench.shownAfterMs = performance.now())))
}

/** Scrolls on until so many rows were read, then back to the beginning; tells how many were read. */
async function scrollAll(wanted) {
  performance.setResourceTimingBufferSize(10_000)
  await scrollUntil(() => rowsRead() >= wanted, 4000)
  await scrollUntil(isAtBeginning, -4000)
  return rowsRead()
}

async function scrollUntil(isThere, by) {
  let [before, since] = [scrollY, performance.now()]
  while (!isThere()) {
    scrollBy(0, by)
    await new Promise(resolve => requestAnimationFrame(resolve))
    if (scrollY !== before) [before, since] = [scrollY, performance.now()]
    if (performance.now() - since > 10_000) throw new Error(`Stuck after ${rowsRead()} rows`)
  }
}

function rowsRead() {
  const requests = performance.getEntriesByType('resource').filter(({ name }) => name.includes('limit=100'))
  return requests.length * 100
}

/** Whether the part of the list that is drawn is the first one. */
function isAtBeginning() {
  return scrollY === 0 && document.querySelector('.long > :first-child.more') === null
}
