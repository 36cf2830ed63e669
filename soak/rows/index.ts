/** Every row, in the order of the table. */
import type { Row } from '../lib/row.js'
import { connections } from './connections.js'
import { damage } from './damage.js'
import { disk } from './disk.js'
import { fuzz } from './fuzz.js'
import { kill } from './kill.js'
import { requests } from './requests.js'
import { sanitize } from './sanitize.js'
import { together } from './together.js'

export const rows: readonly Row[] = [kill, disk, together, damage, fuzz, requests, connections, sanitize]
