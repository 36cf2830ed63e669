/** Many of the data set's images by one request: each shows its part of a sheet. */
import type { CSSProperties } from 'react'
import type { Split } from '../../../src/server/schemas/common.js'
import { hrefOf } from '../router/root.js'

const COLUMNS = 10

export interface Sheet {
  readonly url: string
  readonly columns: number
  readonly rows: number
}

/** The sheet of these images, in this order; at most 1,000. */
export function sheetOf(split: Split, indices: readonly number[]): Sheet {
  const columns = Math.min(COLUMNS, Math.max(1, indices.length))
  return {
    url: hrefOf(`/api/data/${split}/sheet.png?indices=${indices.join(',')}&columns=${columns}`),
    columns,
    rows: Math.max(1, Math.ceil(indices.length / columns)),
  }
}

interface Props {
  readonly sheet: Sheet
  /** Its number on the sheet. */
  readonly at: number
  /** Empty where the text beside it says it all. */
  readonly label: string
}

export function Thumb({ sheet: { url, columns, rows }, at, label }: Props) {
  // Percentages of backgrounds are of the room that is left: 100 % is the last column.
  const share = (position: number, count: number): string =>
    `${count === 1 ? 0 : (100 * position) / (count - 1)}%`
  const style: CSSProperties = {
    backgroundImage: `url("${url}")`,
    backgroundSize: `${100 * columns}% ${100 * rows}%`,
    backgroundPosition: `${share(at % columns, columns)} ${share(Math.floor(at / columns), rows)}`,
  }
  const name = label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return <span className="thumb" style={style} {...name} />
}
