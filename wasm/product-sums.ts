/** The last step of a gradient by weights: the threads' sums, added in their order, in the layout of the weights. */
import { beginOf } from './parts'

/** Arguments of `addSums`. */
@unmanaged
class Sums {
  /** [out][tap][channel] of `count` threads, so many bytes apart. */
  sums: usize
  sumsBytes: usize
  count: i32
  out: i32
  channels: i32
  /** The taps that have sums, a box of the window, which begins at `firstTap`. */
  firstTap: i32
  tapRows: i32
  tapColumns: i32
  /** The whole window. */
  windowTaps: i32
  windowWidth: i32
  /** [out][channel][tap]. */
  diffWeights: usize
  /** [out] of as many threads; 0 bytes where they are the result already. */
  biasSums: usize
  biasBytes: usize
  diffBias: usize
}

/** Each thread writes the gradients of some output channels; taps without sums have none. */
export function addSums(args: usize, part: i32, parts: i32): void {
  const s = changetype<Sums>(args)
  const taps = s.tapRows * s.tapColumns
  const length = (s.channels * s.windowTaps << 2) as usize
  const end = beginOf(part + 1, parts, s.out, 1)
  for (let o = beginOf(part, parts, s.out, 1); o < end; o++) {
    const dst = s.diffWeights + (o as usize) * length
    if (taps < s.windowTaps) memory.fill(dst, 0, length)
    for (let i = 0; i < s.tapRows; i++) {
      for (let j = 0; j < s.tapColumns; j++) {
        const from = s.sums + ((o * taps + i * s.tapColumns + j) * s.channels << 2)
        addTap(s, from, dst + ((s.firstTap + i * s.windowWidth + j) << 2))
      }
    }
    if (s.biasBytes) store<f32>(s.diffBias + (o << 2), total(s.biasSums + (o << 2), s.biasBytes, s.count))
  }
}

/** One tap of one output channel. */
function addTap(s: Sums, from: usize, to: usize): void {
  const stride = (s.windowTaps << 2) as usize
  for (let c = 0; c < s.channels; c++, from += 4, to += stride) {
    store<f32>(to, total(from, s.sumsBytes, s.count))
  }
}

// @ts-expect-error: a decorator of AssemblyScript's
@inline
function total(at: usize, bytes: usize, count: i32): f32 {
  let sum = load<f32>(at)
  for (let i = 1; i < count; i++) {
    at += bytes
    sum += load<f32>(at)
  }
  return sum
}
