/** Where a program's tensors lie: persistent ones in blocks of their own, temporaries in the lane's arena. */
import { AtelierError, mismatch } from '../../core/errors.js'
import { formatShape, type Shape, sameShape } from '../../core/shape.js'
import { sizeInBytes } from '../../plan/memory.js'
import type { Plan, TensorSpec } from '../../plan/plan.js'
import { aligned } from './allocator.js'
import type { LinearMemory } from './memory.js'

/** Bytes behind each tensor, which kernels that treat several values at a time may read and write. */
const SLACK = 64

/** A persistent tensor; programs that share it count as its users. */
export interface Block {
  readonly address: number
  readonly bytes: number
  readonly shape: Shape
  users: number
  /** Whether another program has or had it too. */
  shared: boolean
}

export type Blocks = ReadonlyMap<string, Block>

/** A plan's persistent tensors: those that `shared` has, else new ones of zeros. */
export function holdBlocks(plan: Plan, memory: LinearMemory, shared: Blocks | undefined): Blocks {
  const persistent = plan.tensors.filter((spec) => spec.persistent)
  for (const { name, shape } of persistent) {
    const held = shared?.get(name)?.shape
    if (held && !sameShape(held, shape)) {
      throw new AtelierError(mismatch(`shared tensor ${name}`, formatShape(held), formatShape(shape)))
    }
  }
  const blocks = new Map<string, Block>()
  try {
    for (const spec of persistent) {
      const block = shared?.get(spec.name) ?? newBlock(spec, memory)
      block.shared ||= block.users > 0
      block.users++
      blocks.set(spec.name, block)
    }
  } catch (error) {
    releaseBlocks(blocks, memory)
    throw error
  }
  return blocks
}

function newBlock(spec: TensorSpec, memory: LinearMemory): Block {
  const bytes = sizeInBytes(spec)
  const address = memory.allocate(bytes + SLACK)
  memory.u8(address, bytes + SLACK).fill(0)
  return { address, bytes, shape: spec.shape, users: 0, shared: false }
}

/** Frees those that no program uses any more. */
export function releaseBlocks(blocks: Blocks, memory: LinearMemory): void {
  for (const block of blocks.values()) {
    block.users--
    if (block.users === 0) memory.free(block.address)
  }
}

/** Where the plan's slots begin in an arena, and their size together. */
export function slotOffsets(plan: Plan): { readonly offsets: readonly number[]; readonly bytes: number } {
  const sizes = new Array<number>(plan.slots).fill(0)
  for (const spec of plan.tensors) {
    if (spec.slot !== null) sizes[spec.slot] = Math.max(sizes[spec.slot] ?? 0, sizeInBytes(spec))
  }
  let bytes = 0
  const offsets = sizes.map((size) => {
    const offset = bytes
    bytes += aligned(size + SLACK)
    return offset
  })
  return { offsets, bytes }
}

/** The memory of the temporaries of all programs of a lane, which lie over each other: one runs at a time. */
export class Arena {
  address = 0
  /** The program that ran last, whose temporaries are still there. */
  holder: object | null = null
  private bytes = 0

  constructor(private readonly memory: LinearMemory) {}

  /** Makes it large enough; what was in it is lost where it moves. */
  grow(bytes: number): void {
    if (bytes <= this.bytes) return
    this.holder = null
    if (this.bytes > 0) this.memory.free(this.address)
    // Should the memory not be had, there is no arena until the next attempt.
    this.bytes = 0
    this.address = this.memory.allocate(bytes)
    this.bytes = bytes
  }
}
