/** The images themselves. The plan rescales pixels to the network's range before the first layer. */
import { z } from 'zod'
import type { OpRules } from '../op.js'

export interface InputParams {
  /** Height, width, channels. */
  readonly shape: readonly number[]
}

export const input: OpRules<InputParams> = {
  schema: z.strictObject({ shape: z.array(z.int().positive()).nonempty().readonly() }),
  baseName: 'input',
  shape: (params) => params.shape,
  weights: () => [],
  forward: () => {
    throw new Error('the plan itself lowers the input')
  },
  backward: () => {},
}
