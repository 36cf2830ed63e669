import { describe, expect, it } from 'vitest'
import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  input,
  maxPooling2d,
  relu,
  residual,
  sequential,
} from '../graph/layers.js'
import { models, studyNames } from '../models/index.js'
import { foldNormalizations, foldWeights } from './fold.js'

const folded = (...layers: Parameters<typeof sequential>[1][]) =>
  foldNormalizations(sequential('m', input(4, 4, 2), ...layers))
const opsOf = ({ graph }: ReturnType<typeof folded>): string[] => graph.nodes.map(({ op }) => op)
const foldsOf = ({ folds }: ReturnType<typeof folded>): string[] =>
  folds.map(({ by, layer, normalization }) => `${normalization} into ${by} of ${layer}`)

describe('folding Batch Normalization', () => {
  it('joins it to the layer before where that has no activation, and passes on its own', () => {
    const result = folded(conv2d(3, 3), batchNormalization({ activation: 'relu' }), flatten(), dense(2))
    expect(opsOf(result)).toEqual(['input', 'conv2d', 'flatten', 'dense'])
    expect(result.graph.nodes[1]?.params).toMatchObject({ activation: 'relu' })
    expect(foldsOf(result)).toEqual(['batch_normalization_1 into outputs of conv2d_1'])
  })

  it('joins it to the dense layer behind, through what inference leaves as it is', () => {
    const layers = [conv2d(3, 3, { activation: 'relu' }), batchNormalization(), dropout(0.5), flatten()]
    const result = folded(...layers, dense(4, { activation: 'relu' }), batchNormalization(), dense(2))
    expect(opsOf(result)).toEqual(['input', 'conv2d', 'dropout', 'flatten', 'dense', 'dense'])
    expect(foldsOf(result)).toEqual([
      'batch_normalization_1 into inputs of dense_1',
      'batch_normalization_2 into inputs of dense_2',
    ])
  })

  it('leaves it where no neighbour can take it', () => {
    const unfolded = [
      // Padding would count as shift; a negative scale turns a maximum round; a ReLU is in between.
      [conv2d(2, 3, { activation: 'relu' }), batchNormalization(), conv2d(1, 3), flatten(), dense(2)],
      [relu(), batchNormalization(), maxPooling2d(2), flatten(), dense(2)],
      [flatten(), batchNormalization(), relu(), dense(2)],
      // Two read what it reads, or its own result.
      [conv2d(2, 1), residual('r', [batchNormalization(), relu()]), flatten(), dense(2)],
      [relu(), batchNormalization(), residual('r', [relu()]), flatten(), dense(2)],
    ]
    for (const layers of unfolded) expect(foldsOf(folded(...layers))).toEqual([])
  })

  it('leaves two in the cnn, where padded convolutions follow, and none in the others', () => {
    const left = studyNames.map((name) => {
      const { graph } = foldNormalizations(models[name].build())
      return graph.nodes.filter(({ op }) => op === 'batchNormalization').length
    })
    expect(Object.fromEntries(studyNames.map((name, i) => [name, left[i]]))).toEqual({
      nn: 0,
      dnn: 0,
      cnn: 2,
      resnet50: 0,
    })
  })

  it('changes weights by hand-computed numbers, and those it was given not at all', () => {
    // scale = (2, 1), shift = (1 - 2 * 4, -1 - 5)
    const weights = new Map([
      ['bn.gamma', Float64Array.of(4, 3)],
      ['bn.beta', Float64Array.of(1, -1)],
      ['bn.mean', Float64Array.of(4, 5)],
      ['bn.variance', Float64Array.of(3, 8)],
      ['d.weight', Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
      ['d.bias', Float64Array.of(10, 20)],
    ])
    const common = { layer: 'd', normalization: 'bn', epsilon: 1 }
    const inputs = foldWeights([{ by: 'inputs', ...common }], weights)
    expect(inputs.get('d.weight')).toEqual(Float64Array.of(2, 2, 6, 4, 10, 6, 14, 8))
    expect(inputs.get('d.bias')).toEqual(Float64Array.of(10 - 7 * 4 - 6 * 6, 20 - 7 * 12 - 6 * 14))
    const outputs = foldWeights([{ by: 'outputs', ...common }], weights)
    expect(outputs.get('d.weight')).toEqual(Float64Array.of(2, 4, 6, 8, 5, 6, 7, 8))
    expect(outputs.get('d.bias')).toEqual(Float64Array.of(2 * 10 - 7, 20 - 6))
    expect(weights.get('d.bias')).toEqual(Float64Array.of(10, 20))
  })
})
