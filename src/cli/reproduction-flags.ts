/** What `reproduce` can be told. */
import type { StudyName } from '../models/names.js'
import type { ResourceFlags } from './options.js'

export const profiles = ['quick', 'full'] as const

export interface ReproduceFlags extends ResourceFlags {
  /** How long for all models together; undefined: the default, or that of the folder. Not with a profile. */
  readonly minutes?: number
  /** Whole recipes instead, however long they take. */
  readonly profile?: (typeof profiles)[number]
  readonly models?: readonly StudyName[]
  readonly seed: number
  readonly fresh?: boolean
  readonly out?: string
}
