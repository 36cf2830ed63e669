/** What a case of the conformance suite is, and the plans that are made of it. */
import type { Shape } from '../../src/core/shape.js'
import type { InputValues, Values } from '../../src/engine/engine.js'
import type { Step, TensorId } from '../../src/graph/steps.js'
import type { Plan } from '../../src/plan/plan.js'
import { PlanSketch } from '../support/plans.js'

export interface Operand {
  readonly shape: Shape
  readonly values: Float64Array
  /** Activations reach the step as temporaries in the precision of activations; state is persistent f32. */
  readonly role: 'activation' | 'state'
}

export interface CaseInput {
  readonly shape: Shape
  readonly dtype: 'u8' | 'u32' | 'f32'
  /** Of all iterations, one after another. */
  readonly values: InputValues
}

export interface Result {
  readonly shape: Shape
  readonly type: 'activation' | 'f32' | 'opaque'
}

/** Finds a tensor by its name. */
export type Find = (name: string) => TensorId

export interface Case {
  readonly title: string
  readonly iterations?: number
  readonly operands: Readonly<Record<string, Operand>>
  readonly inputs?: Readonly<Record<string, CaseInput>>
  readonly results: Readonly<Record<string, Result>>
  readonly forward: (find: Find) => readonly Step[]
  readonly backward?: (find: Find) => readonly Step[]
  /**
   * Which result is the gradient by which operand, of the sum of dst times diffDst, or of `objective` of the
   * forward results.
   */
  readonly gradients?: Readonly<Record<string, string>>
  readonly objective?: { readonly of: string; readonly value: (values: Values) => number }
}

/**
 * How activations reach the step: in the plain layout that `rescale` leaves; in the layout that a
 * convolution by the identity leaves, which native engines block by channels; or the first plain and the
 * others blocked.
 */
export type Arrival = 'plain' | 'blocked' | 'mixed'

export interface Variant {
  readonly activations: 'f32' | 'bf16'
  readonly arrival: Arrival
  readonly inPlace: boolean
}

export const plainVariant: Variant = { activations: 'f32', arrival: 'plain', inPlace: false }

const identityName = (channels: number): string => `identity${channels}`

/** The operands' values as this variant's engine sees them. */
export function operandValues({ operands }: Case, { activations }: Variant): Map<string, Float64Array> {
  const round = activations === 'bf16' ? roundToBf16 : Math.fround
  return new Map(Object.entries(operands).map(([name, { values }]) => [name, values.map(round)]))
}

/** Values of all persistent tensors of a case's plan: its operands, and the identities of blocked arrivals. */
export function persistentValues(subject: Case, variant: Variant, plan: Plan): Map<string, Float64Array> {
  const values = operandValues(subject, variant)
  for (const { name, shape, persistent } of plan.tensors) {
    if (!persistent || values.has(name)) continue
    const [channels = 0] = shape
    const identity = Float64Array.from({ length: channels ** 2 }, (_, i) =>
      i % (channels + 1) === 0 ? 1 : 0,
    )
    values.set(name, name.endsWith('.bias') ? new Float64Array(channels) : identity)
  }
  return values
}

/** To the nearest number of 8 significant bits, ties to even. */
export function roundToBf16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)
  const word = bits[0] as number
  bits[0] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000
  return new Float32Array(bits.buffer)[0] as number
}

/** Makes a plan of a case; without `backward` of its forward steps alone. */
export function planOf(subject: Case, variant: Variant, backward = true): Plan {
  const sketch = new PlanSketch()
  const places = new Map<string, TensorId>()
  let seen = 0
  for (const [name, { shape, role }] of Object.entries(subject.operands)) {
    const stored = sketch.persistent(name, shape)
    const blocked =
      shape.length === 4 && (variant.arrival === 'blocked' || (variant.arrival === 'mixed' && seen > 0))
    places.set(name, role === 'state' ? stored : activate(sketch, stored, name, shape, variant, blocked))
    if (role === 'activation') seen++
  }
  for (const [name, { shape, dtype }] of Object.entries(subject.inputs ?? {}))
    sketch.input(name, shape, dtype)
  for (const [name, { shape, type }] of Object.entries(subject.results)) {
    sketch.temporary(name, shape, type === 'activation' ? variant.activations : type)
  }
  const find: Find = (name) => places.get(name) ?? sketch.id(name)
  sketch.emit(...subject.forward(find), ...((backward && subject.backward?.(find)) || []))
  const [first] = Object.values(subject.operands)
  return sketch.plan({ inPlace: variant.inPlace, batch: first?.shape[0] ?? 1 })
}

function activate(
  sketch: PlanSketch,
  stored: TensorId,
  name: string,
  shape: Shape,
  { activations }: Variant,
  blocked: boolean,
): TensorId {
  const plain = sketch.temporary(`${name}.plain`, shape, activations)
  sketch.emit({ kind: 'rescale', src: stored, dst: plain, scale: 1, shift: 0 })
  if (!blocked) return plain
  const channels = shape.at(-1) as number
  const [weights, bias] = identityOf(sketch, channels)
  const dst = sketch.temporary(`${name}.blocked`, shape, activations)
  const geometry = { strides: [1, 1], padding: [0, 0, 0, 0], relu: false } as const
  sketch.emit({ kind: 'convolution', src: plain, weights, bias, dst, ...geometry })
  return dst
}

function identityOf(sketch: PlanSketch, channels: number): [TensorId, TensorId] {
  const [weights, bias] = [`${identityName(channels)}.weight`, `${identityName(channels)}.bias`]
  if (sketch.has(weights)) return [sketch.id(weights), sketch.id(bias)]
  return [sketch.persistent(weights, [channels, channels, 1, 1]), sketch.persistent(bias, [channels])]
}

/** Whether activations can arrive blocked at all. */
export function hasImages({ operands }: Case): boolean {
  return Object.values(operands).some(({ role, shape }) => role === 'activation' && shape.length === 4)
}

export const activation = (shape: Shape, values: Float64Array): Operand => ({
  shape,
  values,
  role: 'activation',
})
export const state = (shape: Shape, values: Float64Array): Operand => ({ shape, values, role: 'state' })
export const result = (shape: Shape, type: Result['type'] = 'activation'): Result => ({ shape, type })
