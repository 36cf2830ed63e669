import { expect, test } from 'vitest'
import { noisyCopies, SAMPLES, smoothedContributions } from './smooth-grad.js'

test('adds Gaussian noise of 15 % of the range, the same every time', () => {
  const image = new Uint8Array(784).fill(100)
  const copies = noisyCopies(image)
  expect(copies).toHaveLength(SAMPLES * 784)
  expect(noisyCopies(image)).toEqual(copies)
  const deviations = Array.from(copies, (value) => (value - 100) / (0.15 * 255))
  const moment = (power: number): number =>
    deviations.reduce((sum, value) => sum + value ** power, 0) / deviations.length
  // 25,088 draws: standard errors 0.006, 0.009 and 0.06.
  expect(Math.abs(moment(1))).toBeLessThan(0.025)
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.04)
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.25)
})

test('multiplies mean gradients with what the network sees, and sums channels', () => {
  const image = Uint8Array.of(10, 20, 0, 40)
  const gradients = new Float32Array(SAMPLES * 4)
  // The first half of the copies has gradients (1, 2, 3, 4), the second half three times as much.
  for (let i = 0; i < gradients.length; i++) gradients[i] = ((i % 4) + 1) * (i < gradients.length / 2 ? 1 : 3)
  expect(Array.from(smoothedContributions(image, gradients, 0.5, 1))).toEqual([10, 40, 0, 160])
  expect(Array.from(smoothedContributions(image, gradients, 0.5, 2))).toEqual([50, 160])
})
