import { expect, test } from 'vitest'
import { plotCurve } from './text-plot.js'

test('a curve with its axes and marks', () => {
  const points = [1e-4, 1e-3, 1e-2, 1e-1].map((x, i) => ({ x, y: [4, 2, 0, 90][i] as number }))
  const options = { width: 10, height: 5, highest: 4, marks: { A: 1e-3, B: 1e-2, C: 1.1e-2 } }
  expect(plotCurve(points, options)).toBe(
    [
      '    4.00 │•        •',
      '         │',
      '    2.00 │   •',
      '         │',
      '    0.00 │      •',
      '         └┴──┴──┴──┴',
      '          1e-4  1e-2',
      '             A  B',
    ].join('\n'),
  )
})
