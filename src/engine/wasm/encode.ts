/** A program as the interpreter reads it (wasm/program.ts). */
import type { Call } from './assembler.js'
import type { LinearMemory } from './memory.js'

/** What is copied before or after an iteration, between a tensor and the values of all iterations. */
export interface Transfer {
  readonly tensor: number
  readonly bytes: number
}

export interface Encoded {
  /** Of the program; to be freed. */
  readonly address: number
  /** Bytes of each input, then of each output, of one iteration. */
  readonly transferBytes: readonly number[]
  /** Says where the values of the inputs, then of the outputs, of all iterations are. */
  stage(addresses: readonly number[]): void
}

const [HEADER, CALL, TRANSFER] = [3, 2, 3]

export function encode(
  memory: LinearMemory,
  calls: readonly Call[],
  inputs: readonly Transfer[],
  outputs: readonly Transfer[],
): Encoded {
  const transfers = [...inputs, ...outputs]
  const [firstTransfer, firstArgument] = [
    HEADER + CALL * calls.length,
    HEADER + CALL * calls.length + TRANSFER * transfers.length,
  ]
  const words = firstArgument + calls.reduce((sum, { args }) => sum + args.length, 0)
  const address = memory.allocate(4 * words)
  const u32 = memory.u32(address, words)
  const f32 = memory.f32(address, words)
  u32.set([calls.length, inputs.length, outputs.length])
  let place = firstArgument
  calls.forEach(({ kernel, args }, index) => {
    u32.set([kernel, address + 4 * place], HEADER + CALL * index)
    for (const arg of args) {
      if (typeof arg === 'number') u32[place] = arg
      else f32[place] = arg.f32
      place++
    }
  })
  return {
    address,
    transferBytes: transfers.map(({ bytes }) => bytes),
    stage: (addresses) => {
      const table = memory.u32(address + 4 * firstTransfer, TRANSFER * transfers.length)
      transfers.forEach(({ tensor, bytes }, i) => {
        table.set([addresses[i] as number, tensor, bytes], TRANSFER * i)
      })
    },
  }
}
