/** Whether this program lies in a checkout, where it can be built, or in a package that npm installed. */
import { existsSync } from 'node:fs'

export const isCheckout: boolean = existsSync(new URL('../../scripts/setup.mjs', import.meta.url))
