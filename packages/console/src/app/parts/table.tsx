import type { ComponentChildren, VNode } from 'preact'

/** A column of a table. */
export interface Column<T> {
  readonly label: string
  readonly cell: (row: T) => ComponentChildren
  /** Whether it holds figures, which stand at the end. */
  readonly isNumber?: boolean
  /** Whether it holds buttons: its label is not shown. */
  readonly isAction?: boolean
}

/** What a table shows. */
export interface TableProps<T> {
  /** For who cannot see it. */
  readonly caption: string
  /** The first one names the row. */
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly rowKey: (row: T) => string | number
}

/**
 * A table, where there is no room for one a list of cards. The roles are named because a table that is not drawn as one
 * is none any more for assistive technology.
 */
export function Table<T>({ caption, columns, rows, rowKey }: TableProps<T>): VNode {
  return (
    <div class="table">
      <table role="table" aria-label={caption}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ label, isNumber, isAction }) => (
              <th key={label} role="columnheader" scope="col" class={classOf(isNumber)}>
                {isAction === true ? <span class="unseen">{label}</span> : label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(row => (
            <Row key={rowKey(row)} row={row} columns={columns} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row<T>({ row, columns }: { readonly row: T; readonly columns: readonly Column<T>[] }): VNode {
  return (
    <tr role="row">
      {columns.map(({ label, cell, isNumber, isAction }, index) =>
        index === 0 ? (
          <th key={label} role="rowheader" scope="row">
            {cell(row)}
          </th>
        ) : (
          <td key={label} role="cell" data-label={isAction === true ? undefined : label} class={classOf(isNumber)}>
            <div>{cell(row)}</div>
          </td>
        ),
      )}
    </tr>
  )
}

function classOf(isNumber: boolean | undefined): string | undefined {
  return isNumber === true ? 'number' : undefined
}
