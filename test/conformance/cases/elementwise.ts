import { sizeOf } from '../../../src/core/shape.js'
import { activation, type Case, result, state } from '../case.js'
import { awayFromZero, uniform } from '../values.js'

type Shapes = readonly (readonly number[])[]
const shapes: Shapes = [
  [6, 19],
  [2, 3, 5, 1],
  [2, 4, 4, 16],
  [2, 3, 3, 17],
  [3, 2, 2, 32],
]

function pixelCase(shape: readonly number[], scale: number, shift: number): Case {
  const values = Uint8Array.from({ length: sizeOf(shape) }, (_, i) => (i * 37) % 256)
  return {
    title: `rescale pixels ${shape.join('x')}`,
    operands: {},
    inputs: {
      pixels: { shape, dtype: 'u8', values },
      floats: { shape, dtype: 'f32', values: Float32Array.from(values) },
    },
    results: { fromBytes: result(shape), fromFloats: result(shape) },
    forward: (find) => [
      { kind: 'rescale', src: find('pixels'), dst: find('fromBytes'), scale, shift },
      { kind: 'rescale', src: find('floats'), dst: find('fromFloats'), scale, shift },
    ],
  }
}

function reluCase(shape: readonly number[]): Case {
  const title = `relu ${shape.join('x')}`
  return {
    title,
    operands: {
      src: activation(shape, awayFromZero(`${title} src`, shape)),
      diffDst: activation(shape, uniform(`${title} diffDst`, shape)),
    },
    results: { dst: result(shape), diffSrc: result(shape) },
    forward: (find) => [{ kind: 'relu', src: find('src'), dst: find('dst') }],
    backward: (find) => [
      { kind: 'reluBackward', dst: find('dst'), diffDst: find('diffDst'), diffSrc: find('diffSrc') },
    ],
    gradients: { diffSrc: 'src' },
  }
}

/** relu'(0) = 0, whatever the sign of the zero. */
const reluAtZero: Case = {
  title: 'relu at zero',
  operands: {
    src: activation(
      [2, 8],
      Float64Array.from({ length: 16 }, (_, i) => [0, -0, 1, -1][i % 4] as number),
    ),
    diffDst: activation([2, 8], new Float64Array(16).fill(1)),
  },
  results: { dst: result([2, 8]), diffSrc: result([2, 8]) },
  forward: (find) => [{ kind: 'relu', src: find('src'), dst: find('dst') }],
  backward: (find) => [
    { kind: 'reluBackward', dst: find('dst'), diffDst: find('diffDst'), diffSrc: find('diffSrc') },
  ],
}

function addCase(shape: readonly number[], relu: boolean): Case {
  const title = `add ${shape.join('x')}${relu ? ', relu' : ''}`
  return {
    title,
    operands: {
      a: activation(shape, uniform(`${title} a`, shape)),
      b: activation(shape, uniform(`${title} b`, shape)),
    },
    results: { dst: result(shape) },
    forward: (find) => [{ kind: 'add', a: find('a'), b: find('b'), dst: find('dst'), relu }],
  }
}

/** The same mask forward and backward, and another one for another salt. */
function dropoutCase(shape: readonly number[], rate: number): Case {
  const title = `dropout ${shape.join('x')} at ${rate}`
  return {
    title,
    operands: {
      src: activation(shape, uniform(`${title} src`, shape)),
      diffDst: activation(shape, uniform(`${title} diffDst`, shape)),
    },
    inputs: { key: { shape: [2], dtype: 'u32', values: Uint32Array.of(0x9e3779b9, 0xfffffff0) } },
    results: { other: result(shape), dst: result(shape), diffSrc: result(shape) },
    forward: (find) => {
      const common = { kind: 'dropout', src: find('src'), key: find('key'), rate } as const
      return [
        { ...common, dst: find('other'), salt: 0x7fffffff },
        { ...common, dst: find('dst'), salt: 19 },
      ]
    },
    backward: (find) => [
      { kind: 'dropout', src: find('diffDst'), dst: find('diffSrc'), key: find('key'), salt: 19, rate },
    ],
    gradients: { diffSrc: 'src' },
  }
}

function reshapeCase(images: readonly number[]): Case {
  const [n = 0, ...image] = images
  const flat = [n, sizeOf(image)]
  const title = `reshape ${images.join('x')}`
  return {
    title,
    operands: {
      src: activation(images, uniform(`${title} src`, images)),
      diffDst: activation(flat, uniform(`${title} diffDst`, flat)),
    },
    results: { dst: result(flat), diffSrc: result(images) },
    forward: (find) => [{ kind: 'reshape', src: find('src'), dst: find('dst') }],
    backward: (find) => [{ kind: 'reshape', src: find('diffDst'), dst: find('diffSrc') }],
    gradients: { diffSrc: 'src' },
  }
}

function blendCase(channels: number, fromHyper: boolean): Case {
  const title = `blend ${channels} channels${fromHyper ? ' at a rate from hyper' : ''}`
  return {
    title,
    iterations: 3,
    operands: {
      src: state([channels], uniform(`${title} src`, [channels])),
      dst: state([channels], uniform(`${title} dst`, [channels])),
    },
    inputs: {
      hyper: { shape: [4], dtype: 'f32', values: Float32Array.of(9, 9, 9, 1, 9, 9, 9, 0.5, 9, 9, 9, 0.3) },
    },
    results: {},
    forward: (find) => [
      {
        kind: 'blend',
        src: find('src'),
        dst: find('dst'),
        rate: 0.01,
        hyper: fromHyper ? find('hyper') : null,
      },
    ],
  }
}

export const elementwiseCases: readonly Case[] = [
  pixelCase([3, 20], 1 / 255, 0),
  pixelCase([2, 5, 7, 1], 1 / (255 * 0.353), -0.286 / 0.353),
  pixelCase([2, 4, 4, 3], 1 / 255, -0.5),
  ...shapes.map(reluCase),
  reluAtZero,
  ...shapes.map((shape, i) => addCase(shape, i % 2 === 1)),
  addCase([2, 4, 4, 16], true),
  ...shapes.map((shape, i) => dropoutCase(shape, [0.25, 0.3, 0.5][i % 3] as number)),
  ...shapes.slice(1).map(reshapeCase),
  blendCase(17, false),
  blendCase(32, true),
]
