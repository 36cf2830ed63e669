/** What compiles one kind of step. */
import type { StepKind, StepOf } from '../../../graph/steps.js'
import type { Assembler } from '../assembler.js'

export type StepCompiler<K extends StepKind> = (step: StepOf<K>, assembler: Assembler) => void
