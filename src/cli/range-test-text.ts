/** A learning-rate range test in plain lines. */
import type { RangeTest } from '../train/range-test.js'
import { plotCurve } from './text-plot.js'

export function formatRangeTest({ points, ended, suggestion }: RangeTest): string {
  const { steepest, minimumTenth, learningRate } = suggestion
  const curve = plotCurve(
    points.map(({ learningRate, smoothed }) => ({ x: learningRate, y: smoothed })),
    // The explosion at the end would flatten all that matters.
    { width: 72, height: 14, highest: 1.2 * startOf(points), marks: { S: steepest, M: minimumTenth } },
  )
  const end =
    ended === 'exploded'
      ? `The loss exploded after ${points.length} steps, at a rate of ${format(points.at(-1)?.learningRate ?? 0)}.`
      : `All ${points.length} steps were done.`
  return [
    'Loss (moving average) over the learning rate',
    '',
    curve,
    '',
    `S  ${format(steepest)}  where the loss falls fastest`,
    `M  ${format(minimumTenth)}  a tenth of where it is lowest`,
    end,
    `Try --lr ${format(learningRate)} (between the two), under a schedule with a warm-up`,
    '',
  ].join('\n')
}

const startOf = (points: RangeTest['points']): number => points[0]?.smoothed ?? 1

const format = (rate: number): string => rate.toExponential(1)
