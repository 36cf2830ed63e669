/** The values that change from step to step: a row of `Hyper` for each. */
import { cos } from '../core/trigonometry.js'
import { Hyper } from '../graph/steps.js'
import type { Recipe } from '../recipes/recipe.js'

/** Half a cosine from `from` (t = 0) to `to` (t = 1). */
const ease = (from: number, to: number, t: number): number => to + ((from - to) * (1 + cos(Math.PI * t))) / 2

/** The learning rate of step `step` (from 0) of `total`. */
export function learningRateAt({ schedule }: Recipe, step: number, total: number): number {
  let begin = 0
  for (const share of [schedule.restart].flat()) {
    const restart = Math.round(share * total)
    if (step < restart) return rateIn(schedule, step - begin, restart - begin)
    begin = restart
  }
  return rateIn(schedule, step - begin, total - begin)
}

/** The rate of step `step` of a course of `total`. */
function rateIn(schedule: Recipe['schedule'], step: number, total: number): number {
  const { kind, learningRate: highest, warmup, final } = schedule
  if (kind === 'constant') return highest
  const rising = Math.round(warmup * total)
  if (step < rising) {
    const t = (step + 1) / rising
    return kind === 'cosine' ? highest * t : ease(highest / 25, highest, t)
  }
  return ease(highest, highest * final, (step - rising) / Math.max(total - 1 - rising, 1))
}

/**
 * Fills `count` rows from step `first` on, with the learning rates that `rateAt` gives. For Adam the rate holds both bias corrections:
 * lr sqrt(1 - beta2^t) / (1 - beta1^t) at step t = 1, 2, ... The moving average starts quickly:
 * its decay is min(decay, (1 + t) / (10 + t)).
 */
export function fillHyper(
  rateAt: (step: number) => number,
  { optimizer, average }: Pick<Recipe, 'optimizer' | 'average'>,
  first: number,
  count: number,
): Float32Array {
  const rows = new Float32Array(count * Hyper.size)
  for (let i = 0; i < count; i++) {
    const t = first + i + 1
    const rate = rateAt(first + i)
    const row = i * Hyper.size
    if (optimizer.kind === 'adam') {
      rows[row + Hyper.rate] = (rate * Math.sqrt(1 - optimizer.beta2 ** t)) / (1 - optimizer.beta1 ** t)
      rows[row + Hyper.decay] = rate * optimizer.weightDecay
    } else {
      rows[row + Hyper.rate] = rate
      rows[row + Hyper.decay] = optimizer.weightDecay
    }
    // Running statistics are averaged at the pace of the weights.
    rows[row + Hyper.average] = rows[row + Hyper.statistics] = 1 - Math.min(average, (1 + t) / (10 + t))
  }
  return rows
}
