/** Runs a plan to see where its time goes. */
import { AtelierError, mismatch } from '../core/errors.js'
import { keyOf, Random } from '../core/random.js'
import { sizeOf } from '../core/shape.js'
import { chooseEngine, type EngineRequest } from '../engine/choose.js'
import { type InputValues, type Program, tellsTimes } from '../engine/engine.js'
import { classCountOf, type Graph, weightsOf } from '../graph/graph.js'
import { Hyper } from '../graph/steps.js'
import { type Plan, tensorOf } from '../plan/plan.js'
import { type PlanProfile, profileOf } from '../plan/profile.js'
import { initializeWeights } from './initialize.js'

/** Runs from which the time of one is guessed. */
const FIRST_RUNS = 3
/**
 * Seconds that the warm-up and the measurement aim at. Products take memory anew in each run, and it is some dozens of
 * runs until the C library hands out pages that it has touched before: an untouched one costs a page fault.
 */
const SECONDS = { warmUp: 10, measured: 3 }

/** Random images, first weights, and a learning rate so small that the weights stay where they are. */
export async function measurePlan(
  graph: Graph,
  plan: Plan,
  { engine: name, threads }: EngineRequest,
): Promise<PlanProfile> {
  const { engine, reason } = await chooseEngine({ engine: name, threads })
  if (plan.tensors.some(({ dtype }) => dtype === 'bf16') && !engine.bf16) {
    throw new AtelierError(mismatch('--precision bf16', 'a processor with AVX-512 bf16', engine.description))
  }
  const program: Program = await engine.compile(plan)
  if (!tellsTimes(program)) {
    throw new AtelierError(mismatch('--profile', 'an engine that tells the time of each step', reason))
  }
  const weights = initializeWeights(graph, 1)
  const used = weightsOf(graph).filter(({ name }) => plan.tensors.some((tensor) => tensor.name === name))
  await program.write(new Map(used.map(({ name }) => [name, weights.get(name) as Float32Array])))
  const classes = classCountOf(graph)
  const run = async (iterations: number) => {
    const outputs = Object.entries(plan.outputs).map(
      ([name, id]) => [name, sizeOf(tensorOf(plan, id).shape)] as const,
    )
    const results = outputs.map(([name, size]) => [name, new Float32Array(iterations * size)])
    return program.profile(iterations, inputsOf(plan, iterations, classes), Object.fromEntries(results))
  }
  const start = performance.now()
  await run(FIRST_RUNS)
  const secondsOfOne = (performance.now() - start) / 1000 / FIRST_RUNS
  const runsIn = (seconds: number): number => Math.min(Math.max(Math.round(seconds / secondsOfOne), 5), 2000)
  await run(runsIn(SECONDS.warmUp))
  const iterations = runsIn(SECONDS.measured)
  const { steps, rest } = await run(iterations)
  const profile = profileOf(plan, steps, rest, iterations, program.describe().implementations)
  program.dispose()
  return profile
}

function inputsOf(plan: Plan, iterations: number, classes: number): Record<string, InputValues> {
  const random = new Random(keyOf(0, 'profile'))
  const fill = (name: string, id: number): InputValues => {
    const { shape, dtype } = tensorOf(plan, id)
    const size = iterations * sizeOf(shape)
    if (name === 'labels') return Uint8Array.from({ length: size }, () => random.integer(classes))
    if (name === 'images' && dtype === 'u8')
      return Uint8Array.from({ length: size }, () => random.integer(256))
    if (dtype === 'u32') return Uint32Array.from({ length: size }, () => random.uint32())
    const values = new Float32Array(size)
    if (name === 'hyper') for (let i = Hyper.rate; i < size; i += Hyper.size) values[i] = 1e-9
    return values
  }
  return Object.fromEntries(Object.entries(plan.inputs).map(([name, id]) => [name, fill(name, id)]))
}
