/** How many steps each of several trainings gets, so that all of them fit into a time. */

/** What a training costs on this machine. */
export interface TrainingCost {
  readonly secondsPerStep: number
  /** Seconds that it takes besides its steps, however many these are. */
  readonly besides: number
  /** Steps beyond which time is better spent on the others. */
  readonly mostSteps: number
}

/**
 * Divides `seconds` into steps, at least one each: what is left after `besides` goes in equal shares of time, and what
 * one cannot use up to `mostSteps` goes to the others.
 */
export function divideSeconds(seconds: number, costs: readonly TrainingCost[]): readonly number[] {
  const need = ({ secondsPerStep, mostSteps }: TrainingCost): number => secondsPerStep * mostSteps
  let left = costs.reduce((rest, { besides }) => rest - besides, seconds)
  let waiting = costs.length
  const shares = new Map<TrainingCost, number>()
  for (const cost of [...costs].sort((a, b) => need(a) - need(b))) {
    const share = Math.min(need(cost), left / waiting)
    shares.set(cost, share)
    left -= share
    waiting -= 1
  }
  return costs.map((cost) => {
    const steps = Math.floor((shares.get(cost) as number) / cost.secondsPerStep + 1e-9)
    return Math.min(cost.mostSteps, Math.max(1, steps))
  })
}

/** Seconds that so many steps of each take, with all that comes besides. */
export function secondsOf(steps: readonly number[], costs: readonly TrainingCost[]): number {
  return costs.reduce(
    (sum, { secondsPerStep, besides }, i) => sum + besides + secondsPerStep * (steps[i] as number),
    0,
  )
}
