/**
 * Prints a Markdown table.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function printTable(head, rows) {
  const cells = [head, ...rows].map(row => row.map(String))
  const widths = head.map((_, column) => Math.max(3, ...cells.map(row => row[column].length)))
  const line = row => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  const [first, ...others] = cells
  console.log(['', line(first), line(widths.map(width => '-'.repeat(width))), ...others.map(line), ''].join('\n'))
}

/** @param {number} value */
export function figure(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/**
 * Prints figures beside their goals; leaves out what was not measured and what has no goal.
 *
 * @param {readonly (readonly [string, number, '≤' | '≥', number | undefined])[]} goals
 */
export function printGoals(goals) {
  const judged = goals.filter(([, value, , goal]) => goal !== undefined && Number.isFinite(value))
  printTable(
    ['what', 'figure', 'goal', ''],
    judged.map(([what, value, sign, goal]) => {
      return [what, figure(value), `${sign} ${goal}`, isMet(value, sign, goal) ? 'met' : '**missed**']
    }),
  )
}

function isMet(value, sign, goal) {
  return sign === '≤' ? value <= goal : value >= goal
}
