import { describe, expect, it } from 'vitest'
import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  input,
  relu,
  residual,
  sequential,
} from '../graph/layers.js'
import { fuseGraph } from './fuse.js'

const opsOf = (...layers: Parameters<typeof sequential>[1][]): string[] =>
  fuseGraph(sequential('m', input(4, 4, 2), ...layers)).nodes.map(({ op, params }) =>
    (params as { activation?: string }).activation ? `${op}+relu` : op,
  )

describe('fusion', () => {
  it('joins a ReLU to what it follows, and drops a flatten before a dense layer', () => {
    expect(opsOf(conv2d(3, 3), relu(), batchNormalization(), relu(), flatten(), dense(2))).toEqual([
      'input',
      'conv2d+relu',
      'batchNormalization+relu',
      'dense',
    ])
  })

  it('leaves a ReLU alone where something else reads what it follows', () => {
    const layers = [conv2d(2, 3), residual('r', [relu(), conv2d(2, 1)]), flatten(), dense(2)]
    expect(opsOf(...layers)).toEqual(['input', 'conv2d', 'relu', 'conv2d', 'add', 'dense'])
  })

  it('makes the input flat where a flatten follows it, and keeps one that must move values', () => {
    const graph = fuseGraph(sequential('m', input(4, 4, 2), flatten(), batchNormalization(), dense(2)))
    expect(graph.nodes.map(({ op, shape }) => [op, shape])).toEqual([
      ['input', [32]],
      ['batchNormalization', [32]],
      ['dense', [2]],
    ])
    expect(opsOf(conv2d(1, 1), flatten(), dropout(0.5), dense(2))).toContain('flatten')
  })
})
