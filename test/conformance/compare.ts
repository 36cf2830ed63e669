/** Runs cases on engines and compares what they leave. */
import type { Engine, Values } from '../../src/engine/engine.js'
import { operandsOf } from '../../src/graph/steps.js'
import type { Plan } from '../../src/plan/plan.js'
import { readableTensors } from '../support/plans.js'
import { type Case, hasImages, operandValues, persistentValues, planOf, type Variant } from './case.js'
import { oracle } from './engines.js'
import type { Row } from './report.js'
import { relativeError, tolerances } from './tolerances.js'

export interface Observation {
  readonly plan: Plan
  readonly values: ReadonlyMap<string, Values>
}

/** The case's readable results and its state after a run. */
export async function observe(engine: Engine, subject: Case, variant: Variant): Promise<Observation> {
  const plan = planOf(subject, variant)
  const program = await engine.compile(plan)
  await program.write(persistentValues(subject, variant, plan))
  const inputs = Object.entries(subject.inputs ?? {}).map(([name, { values }]) => [name, values] as const)
  await program.run(subject.iterations ?? 1, Object.fromEntries(inputs), {})
  const state = Object.entries(subject.operands).filter(([, { role }]) => role === 'state')
  const results = readableTensors(plan).filter((name) => name in subject.results)
  const values = await program.read([...results, ...state.map(([name]) => name)])
  program.dispose()
  return { plan, values }
}

/** The variants that make a difference for this case and this engine. */
export function variantsOf(engine: Engine, subject: Case): readonly Variant[] {
  const images = hasImages(subject) && engine.name === 'native'
  const several = Object.values(subject.operands).filter(({ role }) => role === 'activation').length > 1
  const arrivals = ['plain', ...(images ? ['blocked'] : []), ...(images && several ? ['mixed'] : [])] as const
  const precisions = ['f32', ...(engine.bf16 ? ['bf16'] : [])] as const
  const all = precisions.flatMap((activations) =>
    arrivals.flatMap((arrival) =>
      [false, true].map((inPlace) => ({ activations, arrival, inPlace }) as Variant),
    ),
  )
  return all.filter((variant) => matters(subject, variant))
}

/** Whether the variant's plan differs from that of a simpler variant. */
function matters(subject: Case, variant: Variant): boolean {
  const plan = planOf(subject, variant)
  const inAPlaceOfItsOwn = planOf(subject, { ...variant, inPlace: false })
  if (variant.activations === 'bf16' && plan.tensors.every(({ dtype }) => dtype !== 'bf16')) return false
  return !variant.inPlace || plan.slots < inAPlaceOfItsOwn.slots
}

/** Errors of one variant against the reference engine in f64, a row for each tensor. */
export async function compareWithOracle(
  engine: Engine,
  subject: Case,
  variant: Variant,
): Promise<readonly Row[]> {
  const operands = variant.activations
  const expected = await observe(oracle, roundedOperands(subject, variant), {
    activations: 'f32',
    arrival: 'plain',
    inPlace: false,
  })
  const { plan, values } = await observe(engine, subject, variant)
  return [...values].map(([tensor, actual]) => ({
    subject: subject.title,
    variant: `${operands}, ${variant.arrival}${variant.inPlace ? ', in place' : ''}`,
    step: writerOf(plan, tensor),
    tensor,
    error: relativeError(actual, expected.values.get(tensor) ?? []),
    tolerance: tolerances[operands],
  }))
}

/** The case over the operands that this variant's engine really sees. */
function roundedOperands(subject: Case, variant: Variant): Case {
  const rounded = operandValues(subject, variant)
  const operands = Object.entries(subject.operands).map(([name, operand]) => [
    name,
    { ...operand, values: rounded.get(name) ?? operand.values },
  ])
  return { ...subject, operands: Object.fromEntries(operands) }
}

/** The kind of the last step that writes the tensor; an operand that no step writes stays as it was. */
function writerOf(plan: Plan, name: string): string {
  const id = plan.tensors.findIndex((tensor) => tensor.name === name)
  const writer = plan.steps.findLast((step) => operandsOf(step).writes.includes(id))
  return writer?.kind ?? 'none'
}
