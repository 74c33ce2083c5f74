/** A Markdown table, columns aligned. */
export function formatTable(head, rows) {
  const all = [head, ...rows].map(row => row.map(String))
  const widths = head.map((_, column) => Math.max(...all.map(row => row[column].length)))
  const line = cells => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  const rule = widths.map(width => '-'.repeat(width))
  return [line(all[0]), line(rule), ...all.slice(1).map(line)].join('\n')
}
