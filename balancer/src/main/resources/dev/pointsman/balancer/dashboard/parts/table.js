/**
 * A table that becomes a list of cards where the page is narrow. The roles are said besides, as browsers forget them where
 * a style lays a table out in another way.
 * @template T
 * @typedef {{name: string, cell: (row: T) => any, number?: boolean, heading?: boolean}} Column
 */

import { html } from '../html.js';

/** @param {{caption: string, columns: Column<any>[], rows: any[], keyOf: (row: any) => string}} props */
export function Table({ caption, columns, rows, keyOf }) {
  return html`<table class="cards" role="table">
    <caption class="unseen">${caption}</caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(
          (column) => html`<th key=${column.name} role="columnheader" scope="col" class=${column.number ? 'number' : ''}>${column.name}</th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) => html`<tr key=${keyOf(row)} role="row">${columns.map((column) => html`<${Cell} key=${column.name} column=${column} row=${row} />`)}</tr>`,
      )}
    </tbody>
  </table>`;
}

function Cell({ column, row }) {
  const inside = html`<span class="cell-name" aria-hidden="true">${column.name}</span><span class="cell">${column.cell(row)}</span>`;
  return column.heading
    ? html`<th role="rowheader" scope="row">${inside}</th>`
    : html`<td role="cell" class=${column.number ? 'number' : ''}>${inside}</td>`;
}
