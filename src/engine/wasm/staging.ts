/** Runs of many iterations, whose inputs and outputs lie in the engine's memory meanwhile. */
import type { Checked } from '../checks.js'
import type { InputValues, Values } from '../engine.js'
import type { Encoded } from './encode.js'
import type { Job, Lane } from './lane.js'
import type { LinearMemory } from './memory.js'

/** Bytes of inputs and outputs that are staged at a time, or those of one iteration where they are more. */
const STAGED = 2 ** 25

/** Runs the iterations, as many at a time as there is room for their inputs and outputs. */
export async function runStaged(
  lane: Lane,
  memory: LinearMemory,
  program: Encoded,
  job: Omit<Job, 'iterations'>,
  iterations: number,
  { inputs, outputs }: Checked,
): Promise<void> {
  const bytes = program.transferBytes.reduce((sum, size) => sum + size, 0)
  const most = Math.max(1, Math.floor(STAGED / Math.max(1, bytes)))
  for (let first = 0; first < iterations; first += most) {
    const count = Math.min(most, iterations - first)
    const share = <T extends InputValues | Values>(values: T): T => {
      const size = values.length / iterations
      return values.subarray(first * size, (first + count) * size) as T
    }
    const staged = { inputs: inputs.map(share), outputs: outputs.map(share) }
    await runAtOnce(lane, memory, program, { ...job, iterations: count }, staged)
  }
}

async function runAtOnce(
  lane: Lane,
  memory: LinearMemory,
  program: Encoded,
  job: Job,
  { inputs, outputs }: Checked,
): Promise<void> {
  const addresses: number[] = []
  try {
    // At least one byte each, at places of their own.
    for (const bytes of program.transferBytes) addresses.push(memory.allocate(bytes * job.iterations))
    program.stage(addresses)
    inputs.forEach((values, i) => {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
      memory.u8(addresses[i] as number, bytes.length).set(bytes)
    })
    await lane.run(job)
    outputs.forEach((values, i) => {
      values.set(memory.f32(addresses[inputs.length + i] as number, values.length))
    })
  } finally {
    for (const address of addresses) memory.free(address)
  }
}
