/** Every row, in the order of the table. */
import type { Row } from '../lib/row.js'
import { kill } from './kill.js'

export const rows: readonly Row[] = [kill]
