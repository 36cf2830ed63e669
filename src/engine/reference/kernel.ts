/** What a kernel of the reference engine is. */
import type { StepKind, StepOf } from '../../graph/steps.js'
import type { Tensors } from './memory.js'

/** Performs one step. It yields where the engine may pause to let the event loop turn. */
export type Kernel<K extends StepKind> = (step: StepOf<K>, tensors: Tensors) => Iterable<undefined>

/** A kernel that is too short to pause. */
export function atOnce<K extends StepKind>(perform: (step: StepOf<K>, tensors: Tensors) => void): Kernel<K> {
  return (step, tensors) => {
    perform(step, tensors)
    return []
  }
}
