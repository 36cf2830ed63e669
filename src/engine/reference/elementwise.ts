/** Steps that treat each element by itself; result and operand may be the same memory. */
import { mix } from '../../core/random.js'
import { Hyper } from '../../graph/steps.js'
import { atOnce } from './kernel.js'

export const rescale = atOnce<'rescale'>((step, tensors) => {
  const [src, dst] = [tensors.values(step.src), tensors.values(step.dst)]
  for (let i = 0; i < dst.length; i++) dst[i] = step.scale * (src[i] as number) + step.shift
})

export const relu = atOnce<'relu'>((step, tensors) => {
  const [src, dst] = [tensors.values(step.src), tensors.values(step.dst)]
  for (let i = 0; i < dst.length; i++) dst[i] = Math.max(0, src[i] as number)
})

export const reluBackward = atOnce<'reluBackward'>((step, tensors) => {
  const [dst, diffDst] = [tensors.values(step.dst), tensors.values(step.diffDst)]
  const diffSrc = tensors.values(step.diffSrc)
  for (let i = 0; i < dst.length; i++) diffSrc[i] = (dst[i] as number) > 0 ? (diffDst[i] as number) : 0
})

export const add = atOnce<'add'>((step, tensors) => {
  const [a, b, dst] = [tensors.values(step.a), tensors.values(step.b), tensors.values(step.dst)]
  for (let i = 0; i < dst.length; i++) {
    const sum = (a[i] as number) + (b[i] as number)
    dst[i] = step.relu && sum < 0 ? 0 : sum
  }
})

export const dropout = atOnce<'dropout'>((step, tensors) => {
  const [src, dst] = [tensors.values(step.src), tensors.values(step.dst)]
  const [key0 = 0, key1 = 0] = tensors.words(step.key)
  const threshold = Math.round(65536 * step.rate)
  const scale = 65536 / (65536 - threshold)
  for (let i = 0; i < dst.length; i++) {
    const bits = (mix(key0 ^ step.salt, key1 + step.salt, i >> 1) >>> (i & 1 ? 16 : 0)) & 0xffff
    dst[i] = bits >= threshold ? (src[i] as number) * scale : 0
  }
})

export const reshape = atOnce<'reshape'>((step, tensors) => {
  tensors.values(step.dst).set(tensors.values(step.src))
})

export const blend = atOnce<'blend'>((step, tensors) => {
  const [src, dst] = [tensors.values(step.src), tensors.values(step.dst)]
  const rate = step.hyper === null ? step.rate : (tensors.values(step.hyper)[Hyper.statistics] as number)
  for (let i = 0; i < dst.length; i++) {
    dst[i] = (dst[i] as number) + rate * ((src[i] as number) - (dst[i] as number))
  }
})
