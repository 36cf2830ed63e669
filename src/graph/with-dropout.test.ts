import { describe, expect, it } from 'vitest'
import { models } from '../models/index.js'
import { weightsOf } from './graph.js'
import { withDropout } from './with-dropout.js'

const ratesOf = (graph: ReturnType<typeof withDropout>): unknown[] =>
  graph.nodes.flatMap(({ op, params }) => (op === 'dropout' ? [(params as { rate: number }).rate] : []))

describe('withDropout', () => {
  it('changes the rate of the dropout layers that are there', () => {
    const graph = models.cnn.build()
    const changed = withDropout(graph, 0.1)
    expect(ratesOf(changed)).toEqual([0.1, 0.1, 0.1, 0.1, 0.1])
    expect(changed.nodes.map(({ name }) => name)).toEqual(graph.nodes.map(({ name }) => name))
  })

  it.each([
    ['nn', ['dense_1', 'dense_2_dropout', 'dense_2']],
    [
      'dnn',
      [
        'dense_1',
        'batch_normalization_2',
        'dense_2_dropout',
        'dense_2',
        'dense_3_dropout',
        'dense_3',
        'dense_4_dropout',
        'dense_4',
      ],
    ],
    ['resnet50', ['global_average_pooling2d_1', 'dense_1_dropout', 'dense_1', 'dense_2_dropout', 'dense_2']],
  ] as const)('puts it before the dense layers of %s, but not before the first layer', (name, tail) => {
    const graph = models[name].build()
    const changed = withDropout(graph, 0.2)
    expect(changed.nodes.slice(-tail.length).map((node) => node.name)).toEqual(tail)
    expect(weightsOf(changed)).toEqual(weightsOf(graph))
    for (const node of changed.nodes.slice(1)) {
      const source = graph.nodes.find(({ name }) => name === node.name)
      const read = node.inputs.map((i) => changed.nodes[i]?.name.replace(/_dropout$/, ''))
      if (source && node.op !== 'dense') expect(read).toEqual(source.inputs.map((i) => graph.nodes[i]?.name))
    }
  })
})
