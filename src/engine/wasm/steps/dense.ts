/** Dense layers. */
import type { StepCompiler } from './step.js'

export const dense: StepCompiler<'dense'> = () => {}
export const denseBackwardData: StepCompiler<'denseBackwardData'> = () => {}
export const denseBackwardWeights: StepCompiler<'denseBackwardWeights'> = () => {}
