/** Convolutions. */
import type { StepCompiler } from './step.js'

export const convolution: StepCompiler<'convolution'> = () => {}
export const convolutionBackwardData: StepCompiler<'convolutionBackwardData'> = () => {}
export const convolutionBackwardWeights: StepCompiler<'convolutionBackwardWeights'> = () => {}
