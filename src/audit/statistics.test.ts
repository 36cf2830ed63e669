import { expect, test } from 'vitest'
import { classStatistics } from './statistics.js'

test('counts, means, deviations, ink and mean images by class', () => {
  const images = Uint8Array.of(0, 255, 0, 51, 255, 255, 102, 0)
  const [first, second, third] = classStatistics({ images, labels: Uint8Array.of(0, 2, 0, 2) }, 2, 3)
  expect(first).toMatchObject({ count: 2, mean: 0.75, ink: 0.75, meanImage: Uint8Array.of(128, 255) })
  expect(first?.deviation).toBeCloseTo(Math.sqrt(3) / 4, 12)
  expect(third).toMatchObject({ count: 2, ink: 0.5, meanImage: Uint8Array.of(51, 26) })
  expect(third?.mean).toBeCloseTo((0.2 + 0.4) / 4, 12)
  expect(second).toEqual({ count: 0, mean: 0, deviation: 0, ink: 0, meanImage: Uint8Array.of(0, 0) })
})
