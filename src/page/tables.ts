/** Tables of a page. */
import { type Html, html, type Part } from './html.js'

export interface TableColumn {
  readonly title: string
  readonly number?: boolean
}

/** The first cell of a row is its head. */
export function table(
  caption: string | null,
  columns: readonly TableColumn[],
  rows: readonly (readonly Part[])[],
): Html {
  const side = (column: number): string => (columns[column]?.number ? 'n' : 't')
  const heads = columns.map(({ title }, i) => html`<th scope="col" class="${side(i)}">${title}</th>`)
  const body = rows.map(
    (row) =>
      html`<tr>${row.map((part, i) =>
        i === 0
          ? html`<th scope="row" class="${side(i)}">${part}</th>`
          : html`<td class="${side(i)}">${part}</td>`,
      )}</tr>`,
  )
  return html`<div class="scroll"><table>${caption === null ? null : html`<caption>${caption}</caption>`}<thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** Names and their values. */
export function pairs(caption: string, rows: readonly (readonly [name: string, value: Part])[]): Html {
  return html`<table class="pairs"><caption>${caption}</caption><tbody>${rows.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table>`
}

export const hidden = (summary: string, body: Html): Html =>
  html`<details><summary>${summary}</summary>${body}</details>`
