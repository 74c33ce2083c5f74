// The figures of the synchronous works, collected over the rounds, and how they are shown.
import { checkNames } from './check-names.mjs'
import { contenders } from './contenders.mjs'
import { median } from './median.mjs'
import { measureInRounds } from './processes.mjs'
import { formatTable } from './table.mjs'
import { works as knownWorks } from './works.mjs'

const reference = 'lru-cache'

/**
 * @typedef {object} Figure
 * @property {number} ns CPU time of the process per operation.
 * @property {number} x Times the cost of the same work on a Map.
 * @property {number} [y] How many times faster than lru-cache, by x.
 * @property {number[]} [xOfRounds]
 * @property {number[]} [yOfRounds]
 */

/** @returns {Promise<Record<string, Record<string, Figure>>>} By contender, then work. */
export async function compare({ contenders: names, work: works, together, rehearsed, entries, ours, rounds, core }) {
  checkNames(names, contenders)
  checkNames(works, knownWorks)
  const figures = Object.fromEntries(['Map', ...names].map(name => [name, {}]))
  for (const group of together ? [works] : works.map(work => [work])) {
    const jobs = names.map(contender => ({ contender, works: group, rehearsed, entries, ours }))
    const results = await measureInRounds('operations.child.mjs', jobs, { rounds, core })
    for (const [place, work] of group.entries()) {
      const ofWork = results.map(roundsOfJob => roundsOfJob.map(round => round[place]))
      const measured = ofWork.flat().filter(result => result !== null)
      if (measured.length > 0) figures.Map[work] = { ns: median(measured.map(result => result.mapNs)), x: 1 }
      for (const [index, name] of names.entries()) figures[name][work] = summarize(ofWork[index])
    }
  }
  for (const name of names) {
    for (const work of works) relate(figures[name][work], findReference(figures, work))
  }
  return figures
}

export function formatComparison(figures, works) {
  const rows = Object.entries(figures).map(([name, byWork]) =>
    [name].concat(works.map(work => formatCell(byWork[work]))),
  )
  return formatTable([''].concat(works), rows)
}

function summarize(rounds) {
  if (rounds.includes(null)) return undefined
  const xOfRounds = rounds.map(round => round.x)
  return { ns: median(rounds.map(round => round.ns)), x: median(xOfRounds), xOfRounds }
}

// Who has no index of prefixes has nothing to keep up once they are used: there the figure without is the reference.
function findReference(figures, work) {
  return figures[reference]?.[work] ?? figures[reference]?.[work.replace('+prefix', '')]
}

function relate(figure, referenceFigure) {
  if (!figure || !referenceFigure) return
  figure.y = referenceFigure.x / figure.x
  figure.yOfRounds = figure.xOfRounds.map((x, round) => referenceFigure.xOfRounds[round] / x)
}

function formatCell(figure) {
  if (!figure) return '–'
  const y = figure.y === undefined ? '' : ` y${figure.y.toFixed(2)}`
  return `${figure.ns.toFixed(0)} ${figure.x.toFixed(1)}x${y}`
}
