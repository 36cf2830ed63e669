/** The optimizers, as graph/steps.ts defines them: every parameter in one call, each divided among the parts. */
import { beginOf } from './parts'
import { madd } from './simd'

/** Places in `hyper`, in bytes. */
const RATE = 0
const DECAY = 4
const AVERAGE = 8

/**
 * Arguments: hyper, number of parameters, 1 - beta1, 1 - beta2, epsilon; of each parameter: weights, gradient, mean,
 * variance, average or 0, whether it decays, values.
 */
export function adam(args: usize, part: i32, parts: i32): void {
  const hyper = load<usize>(args)
  const keep1 = f32x4.splat(load<f32>(args, 8))
  const keep2 = f32x4.splat(load<f32>(args, 12))
  const epsilon = f32x4.splat(load<f32>(args, 16))
  const rate = f32x4.splat(load<f32>(hyper + RATE))
  const last = args + 20 + load<i32>(args, 4) * 28
  for (let entry = args + 20; entry < last; entry += 28) {
    const weights = load<usize>(entry)
    const gradient = load<usize>(entry, 4)
    const mean = load<usize>(entry, 8)
    const variance = load<usize>(entry, 12)
    const decay = f32x4.splat(load<i32>(entry, 20) ? load<f32>(hyper + DECAY) : 0)
    const values = load<i32>(entry, 24)
    const begin = beginOf(part, parts, values, 16) << 2
    const end = beginOf(part + 1, parts, values, 16) << 2
    for (let at = begin; at < end; at += 16) {
      const g = v128.load(gradient + at)
      const w = v128.load(weights + at)
      const m0 = v128.load(mean + at)
      const v0 = v128.load(variance + at)
      const m = madd(keep1, f32x4.sub(g, m0), m0)
      const v = madd(keep2, f32x4.sub(f32x4.mul(g, g), v0), v0)
      v128.store(mean + at, m)
      v128.store(variance + at, v)
      const step = f32x4.div(f32x4.mul(rate, m), f32x4.add(f32x4.sqrt(v), epsilon))
      v128.store(weights + at, f32x4.sub(f32x4.sub(w, f32x4.mul(decay, w)), step))
    }
    follow(weights, load<usize>(entry, 16), begin, end, load<f32>(hyper + AVERAGE))
  }
}

/**
 * Arguments: hyper, number of parameters, momentum, whether it is Nesterov's; of each parameter: weights, gradient,
 * velocity, average or 0, whether it decays, values.
 */
export function sgd(args: usize, part: i32, parts: i32): void {
  const hyper = load<usize>(args)
  const momentum = f32x4.splat(load<f32>(args, 8))
  const nesterov = load<i32>(args, 12)
  const rate = f32x4.splat(load<f32>(hyper + RATE))
  const last = args + 16 + load<i32>(args, 4) * 24
  for (let entry = args + 16; entry < last; entry += 24) {
    const weights = load<usize>(entry)
    const gradient = load<usize>(entry, 4)
    const velocity = load<usize>(entry, 8)
    const decay = f32x4.splat(load<i32>(entry, 16) ? load<f32>(hyper + DECAY) : 0)
    const values = load<i32>(entry, 20)
    const begin = beginOf(part, parts, values, 16) << 2
    const end = beginOf(part + 1, parts, values, 16) << 2
    for (let at = begin; at < end; at += 16) {
      const w = v128.load(weights + at)
      const g = madd(decay, w, v128.load(gradient + at))
      const u = madd(momentum, v128.load(velocity + at), g)
      v128.store(velocity + at, u)
      const direction = nesterov ? madd(momentum, u, g) : u
      v128.store(weights + at, f32x4.sub(w, f32x4.mul(rate, direction)))
    }
    follow(weights, load<usize>(entry, 12), begin, end, load<f32>(hyper + AVERAGE))
  }
}

/** average += rate (weights - average), where an average is kept. */
function follow(weights: usize, average: usize, begin: i32, end: i32, rate: f32): void {
  if (average == 0) return
  const rates = f32x4.splat(rate)
  for (let at = begin; at < end; at += 16) {
    const old = v128.load(average + at)
    v128.store(average + at, madd(rates, f32x4.sub(v128.load(weights + at), old), old))
  }
}
