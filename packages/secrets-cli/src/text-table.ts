/** Columns of text with a heading, one line a row; nothing where there are no rows. */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const lines = [headings, ...rows]
  const widths = headings.map((_, column) => Math.max(...lines.map(cells => (cells[column] ?? '').length)))
  const texts = lines.map(cells =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${texts.join('\n')}\n`
}
