/** A plan that was compiled for the wasm engine. */

import { AtelierError, mismatch } from '../../core/errors.js'
import type { Serial } from '../../core/serial.js'
import { sizeOf } from '../../core/shape.js'
import type { TensorId } from '../../graph/steps.js'
import { sizeInBytes } from '../../plan/memory.js'
import { type Plan, tensorOf } from '../../plan/plan.js'
import { type Checked, checkedRun, readable, writable } from '../checks.js'
import type { InputValues, MeasuredProgram, Profile, ProgramDescription, Values } from '../engine.js'
import { ProgramAssembler } from './assembler.js'
import { type Encoded, encode, type Transfer } from './encode.js'
import { kernelNames } from './kernels.js'
import type { Lane } from './lane.js'
import { type Arena, type Blocks, holdBlocks, releaseBlocks, slotOffsets } from './layout.js'
import type { LinearMemory } from './memory.js'
import { runStaged } from './staging.js'
import { compileStep } from './steps/index.js'

/** Where programs run that share tensors or time: their tasks go one after another. */
export interface Track {
  readonly lane: Lane
  readonly arena: Arena
  readonly tasks: Serial
}

interface Placed extends Encoded {
  /** Of the arena that it was made for. */
  readonly arena: number
  readonly assembler: ProgramAssembler
  /** The calls that run only after tensors were written. */
  readonly preparation: Encoded
}

export class WasmProgram implements MeasuredProgram {
  readonly blocks: Blocks
  private placed: Placed | null = null
  private disposed = false
  private readonly slots: ReturnType<typeof slotOffsets>
  private readonly scratchBytes: number
  private readonly keptBytes: number
  /** Address of what is kept of fixed tensors; 0 before the first run. */
  private kept = 0
  private prepared = false
  private readonly fixed: boolean

  constructor(
    readonly engine: object,
    readonly plan: Plan,
    readonly track: Track,
    private readonly memory: LinearMemory,
    shareWith?: WasmProgram,
  ) {
    this.slots = slotOffsets(plan)
    // Of others' tensors nobody knows when they change.
    this.fixed = plan.mode === 'inference' && !shareWith
    const { scratchBytes, keptBytes } = this.assemble(plan.tensors.map(() => 0))
    this.scratchBytes = scratchBytes
    this.keptBytes = keptBytes
    this.blocks = holdBlocks(plan, memory, shareWith?.blocks)
  }

  async run(
    iterations: number,
    inputs: Readonly<Record<string, InputValues>>,
    outputs: Readonly<Record<string, Values>>,
  ): Promise<void> {
    const checked = checkedRun(this.plan, iterations, inputs, outputs)
    await this.inTurn(() => this.runStaged(iterations, checked, 0))
  }

  async profile(
    iterations: number,
    inputs: Readonly<Record<string, InputValues>>,
    outputs: Readonly<Record<string, Values>>,
  ): Promise<Profile> {
    const checked = checkedRun(this.plan, iterations, inputs, outputs)
    return this.inTurn(async () => {
      const { calls } = this.place().assembler
      const times = this.memory.allocate(8 * (calls.length + 1))
      try {
        this.memory.f64(times, calls.length + 1).fill(0)
        await this.runStaged(iterations, checked, times)
        const seconds = this.memory.f64(times, calls.length + 1)
        const steps = new Float64Array(this.plan.steps.length)
        calls.forEach(({ step }, i) => {
          steps[step] = (steps[step] as number) + (seconds[i] as number)
        })
        return { steps, rest: seconds[calls.length] as number }
      } finally {
        this.memory.free(times)
      }
    })
  }

  async read(names: readonly string[]): Promise<Map<string, Values>> {
    const ids = names.map((name) => readable(this.plan, name))
    return this.inTurn(async () => {
      const addresses = this.addresses()
      return new Map(
        names.map((name, i) => {
          const id = ids[i] as TensorId
          const { shape, dtype, persistent } = tensorOf(this.plan, id)
          if (!persistent && this.track.arena.holder !== this) throw notThere(name)
          const [address, size] = [addresses[id] as number, sizeOf(shape)]
          const values = dtype === 'u8' ? this.memory.u8(address, size) : this.memory.f32(address, size)
          return [name, Float32Array.from(values)]
        }),
      )
    })
  }

  async write(values: ReadonlyMap<string, Values>): Promise<void> {
    for (const [name, source] of values) writable(this.plan, name, source)
    await this.inTurn(async () => {
      for (const [name, source] of values) {
        this.memory.f32(this.blocks.get(name)?.address as number, source.length).set(source)
      }
      this.prepared = false
    })
  }

  describe(): ProgramDescription {
    const { calls } = this.assemble(this.plan.tensors.map(() => 0))
    return {
      implementations: this.plan.steps.map((_, step) =>
        [
          ...new Set(calls.filter((call) => call.step === step).map(({ kernel }) => kernelNames[kernel])),
        ].join(', '),
      ),
      arenaBytes: this.slots.bytes + this.scratchBytes,
      persistentBytes: [...this.blocks.values()].reduce((sum, { bytes }) => sum + bytes, 0),
      copyBytes: this.keptBytes,
    }
  }

  dispose(): void {
    if (this.disposed) return
    this.disposed = true
    // What was begun before still needs them.
    void this.track.tasks.run(async () => {
      this.forget()
      if (this.kept !== 0) this.memory.free(this.kept)
      releaseBlocks(this.blocks, this.memory)
    })
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (this.disposed) throw new Error('the program has been disposed of')
    return this.track.tasks.run(task)
  }

  private assemble(addresses: readonly number[]): ProgramAssembler {
    const { plan, track } = this
    const scratch = track.arena.address + this.slots.bytes
    const places = { tensors: addresses, scratch, kept: this.kept }
    const assembler = new ProgramAssembler(plan.tensors, places, this.fixed, track.lane.threads)
    for (const step of plan.steps) {
      assembler.beginStep()
      compileStep(step, assembler)
    }
    return assembler
  }

  /** Of every tensor, as the arena lies now. */
  private addresses(): readonly number[] {
    const { arena } = this.track
    return this.plan.tensors.map(({ name, persistent, slot }) =>
      persistent
        ? (this.blocks.get(name)?.address as number)
        : arena.address + (slot === null ? 0 : (this.slots.offsets[slot] as number)),
    )
  }

  /** The program in memory, made anew where the arena has moved. */
  private place(): Placed {
    const { arena } = this.track
    arena.grow(this.slots.bytes + this.scratchBytes)
    if (this.placed?.arena === arena.address) return this.placed
    this.forget()
    if (this.kept === 0 && this.keptBytes > 0) this.kept = this.memory.allocate(this.keptBytes)
    const addresses = this.addresses()
    const assembler = this.assemble(addresses)
    const { inputs, outputs } = this.plan
    const transfers = (ids: Readonly<Record<string, TensorId>>): Transfer[] =>
      Object.values(ids).map((id) => ({
        tensor: addresses[id] as number,
        bytes: sizeInBytes(tensorOf(this.plan, id)),
      }))
    const encoded = encode(this.memory, assembler.calls, transfers(inputs), transfers(outputs))
    const preparation = encode(this.memory, assembler.preparations, [], [])
    this.placed = { ...encoded, arena: arena.address, assembler, preparation }
    return this.placed
  }

  /** Gives back the program's place, as the arena has moved or nobody needs it. */
  private forget(): void {
    if (this.placed === null) return
    this.memory.free(this.placed.address)
    this.memory.free(this.placed.preparation.address)
    this.placed = null
  }

  /** Makes what is kept of fixed tensors, where it is not there or another program may have changed them. */
  private async prepare({ assembler, preparation }: Placed): Promise<void> {
    const calls = assembler.preparations.length
    if (calls === 0) return
    const changed = !this.prepared || [...this.blocks.values()].some(({ shared }) => shared)
    if (!changed) return
    await this.track.lane.run({ program: preparation.address, calls, iterations: 1, times: 0 })
    this.prepared = true
  }

  private async runStaged(iterations: number, checked: Checked, times: number): Promise<void> {
    const placed = this.place()
    this.track.arena.holder = this
    await this.prepare(placed)
    const job = { program: placed.address, calls: placed.assembler.calls.length, times }
    await runStaged(this.track.lane, this.memory, placed, job, iterations, checked)
  }
}

function notThere(name: string): AtelierError {
  const expected = 'to be read right after a run of its own program'
  return new AtelierError(mismatch(name, expected, 'a read after another one, or before any'))
}
