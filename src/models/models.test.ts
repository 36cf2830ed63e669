import { describe, expect, it } from 'vitest'
import { countParameters, parseGraph, storeGraph, weightsOf } from '../graph/graph.js'
import { dense, flatten, input, sequential } from '../graph/layers.js'
import { models } from './index.js'
import { modelNames } from './names.js'

describe('names', () => {
  it.each([
    ['two layers of one', ['e', 'e'], /received e twice/],
    ["a layer of another's weight", ['e.weight', 'e'], /received e.weight twice/],
    ['a path', ['average/e', 'e'], /received average\/e. Name the layer otherwise/],
  ])('%s are refused', (_, [first = '', second = ''], message) => {
    const build = () =>
      sequential('net', input(2, 2, 1), flatten(), dense(10, { name: first }), dense(10, { name: second }))
    expect(build).toThrow(message)
  })
})

describe('the models', () => {
  it.each([
    ['nn', 101_770, 101_770],
    ['dnn', 280_458, 278_378],
    ['cnn', 13_017_770, 13_016_106],
    ['resnet50', 26_313_218, 26_267_778],
  ] as const)('%s has the published number of parameters', (name, parameters, trainable) => {
    expect(countParameters(weightsOf(models[name].build()))).toEqual({ parameters, trainable })
  })

  it.each(modelNames)('%s survives being stored as JSON', (name) => {
    const graph = models[name].build()
    expect(parseGraph(JSON.parse(JSON.stringify(storeGraph(graph))))).toEqual(graph)
  })
})
