import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type AffineValues, affineMap, identityMap, Warp } from '../../src/data/augment/affine.js'
import { Placement } from '../../src/data/augment/placement.js'

interface Golden {
  readonly images: readonly { readonly height: number; readonly width: number; readonly pixels: string }[]
  readonly cases: readonly {
    readonly image: number
    readonly values: AffineValues
    readonly flipRows: boolean
    readonly flipColumns: boolean
    readonly expected: string
  }[]
}

const golden: Golden = JSON.parse(readFileSync(new URL('augmentation.json', import.meta.url), 'utf8'))

/** Of 255: f32 output holds seven digits, and SciPy's own float64 values were rounded to f32. */
const TOLERANCE = 1e-4

describe('affine maps agree with scipy.ndimage.affine_transform', () => {
  test.each(golden.cases.map((entry, number) => ({ number, ...entry })))('case $number', (entry) => {
    const { height, width, pixels } = golden.images[entry.image] as Golden['images'][number]
    const expected = Buffer.from(entry.expected, 'base64')
    const placement = new Placement(height, width)
    placement.set(entry.flipRows, entry.flipColumns, 0, 0)
    const map = affineMap(entry.values, height, width, identityMap())
    const output = new Float32Array(height * width)
    new Warp(height, width).apply(map, placement, Buffer.from(pixels, 'base64'), 0, output, 0)
    expect(expected.length).toBe(4 * output.length)
    let largest = 0
    output.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - expected.readFloatLE(4 * i)))
    })
    expect(largest / 255).toBeLessThan(TOLERANCE)
  })
})
