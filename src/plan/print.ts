/** A plan in plain lines, for people. */
import { formatBytes, formatCount, formatTable, type Row } from '../core/format.js'
import { formatShape } from '../core/shape.js'
import { operandsOf, type Step, type TensorId } from '../graph/steps.js'
import { memoryOf, sizeInBytes } from './memory.js'
import { type Plan, type TensorSpec, tensorOf } from './plan.js'

/** The steps with what they write and read, then what memory they take. */
export function formatPlan(plan: Plan): string {
  const columns = [
    { title: '#', align: 'right' },
    { title: 'Step' },
    { title: 'Writes' },
    { title: 'Shape', align: 'right' },
    { title: 'Type' },
    { title: 'Slot', align: 'right' },
    { title: 'Lives', align: 'right' },
    { title: 'With' },
    { title: 'Reads' },
  ] as const
  const rows = plan.steps.flatMap((step, index) => rowsOf(plan, step, index))
  return `${formatTable(columns, rows)}\n\n${memoryLines(plan).join('\n')}\n`
}

/** One row a written tensor: the step stands in the first. */
function rowsOf(plan: Plan, step: Step, index: number): Row[] {
  const reads = 'parameters' in step ? readsOfUpdate(plan, step) : readsOf(plan, step)
  const [first, ...others] = writesOf(plan, step)
  const lead = [String(index), step.kind]
  return [
    [...lead, ...(first as string[]), attributesOf(step), reads],
    ...others.map((cells) => ['', '', ...cells]),
  ]
}

function writesOf(plan: Plan, step: Step): string[][] {
  if ('parameters' in step) {
    const count = step.parameters.length
    return [[`${formatCount(count)} weights and their state`, '', 'f32', '', '']]
  }
  return operandsOf(step).writes.map((id) => {
    const { name, shape, dtype, slot, lifetime, persistent } = tensorOf(plan, id)
    const lives = persistent ? 'kept' : lifetime.join('-')
    return [name, formatShape(shape), dtype, slot === null ? '' : String(slot), lives]
  })
}

/** `pixels [2], conv2d_1.{weight, bias}`: temporaries with their slots, a layer's weights together. */
function readsOf(plan: Plan, step: Step): string {
  const parts: string[] = []
  const suffixes = new Map<string, string[]>()
  for (const id of operandsOf(step).reads) {
    const { name, slot } = tensorOf(plan, id)
    if (slot !== null) {
      parts.push(`${name} [${slot}]`)
      continue
    }
    const dot = name.lastIndexOf('.')
    const [layer, suffix] = [name.slice(0, dot), name.slice(dot + 1)]
    suffixes.set(layer, [...(suffixes.get(layer) ?? []), suffix])
  }
  for (const [layer, list] of suffixes) {
    parts.push(`${layer}.${list.length > 1 ? `{${list.join(', ')}}` : list[0]}`)
  }
  return parts.join(', ')
}

function readsOfUpdate(plan: Plan, step: { hyper: TensorId; parameters: readonly unknown[] }): string {
  const { name, slot } = tensorOf(plan, step.hyper)
  return `${name} [${slot}], ${formatCount(step.parameters.length)} gradients`
}

/** What a step holds besides operands, without what says nothing (a stride of 1, a shift of 0). */
function attributesOf(step: Step): string {
  const words: string[] = []
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'number' && value !== 0) words.push(`${name} ${Number(value.toPrecision(4))}`)
    if (value === true) words.push(name)
  }
  if ('window' in step) words.push(`window ${formatShape(step.window)}`)
  if ('strides' in step && step.strides.some((stride) => stride > 1)) {
    words.push(`strides ${formatShape(step.strides)}`)
  }
  if ('padding' in step && step.padding.some((pixels) => pixels > 0)) {
    words.push(`padding ${step.padding.join(' ')}`)
  }
  const values: Readonly<Record<string, unknown>> = { ...step }
  const names = ['relu', 'scale', 'shift', 'epsilon', 'rate', 'smoothing', 'beta1', 'beta2', 'momentum']
  for (const name of [...names, 'nesterov']) add(name, values[name])
  return words.join(', ')
}

function memoryLines(plan: Plan): string[] {
  const temporaries = plan.tensors.filter(({ slot }) => slot !== null)
  const bytes = memoryOf(plan.tensors)
  const apart = `${formatBytes(totalOf(temporaries))} if each had its own`
  const persistent = plan.tensors.filter((tensor) => tensor.persistent)
  const kinds = new Map<string, TensorSpec[]>()
  for (const tensor of persistent) {
    // `adam.mean/<weight>`, but a weight's own name has no kind before it.
    const kind = tensor.name.includes('/') ? (tensor.name.split('/')[0] as string) : 'weights'
    kinds.set(kind, [...(kinds.get(kind) ?? []), tensor])
  }
  const parts = [...kinds].map(([kind, tensors]) => `${kind} ${formatBytes(totalOf(tensors))}`)
  return [
    `Mode        ${plan.mode}, ${formatCount(plan.batch)} images a step, ${formatCount(plan.steps.length)} steps`,
    `Temporary   ${formatBytes(bytes.temporary)}: ${temporaries.length} tensors in ${plan.slots} slots (${apart})`,
    `Persistent  ${formatBytes(bytes.persistent)}: ${parts.join(', ')}`,
  ]
}

const totalOf = (tensors: readonly TensorSpec[]): number =>
  tensors.reduce((sum, tensor) => sum + sizeInBytes(tensor), 0)
