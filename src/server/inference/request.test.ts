/** What an inference request may say, as JSON and with its pixels as bytes. */
import { describe, expect, it } from 'vitest'
import { readRequest } from './request.js'

const SHAPE = [2, 1, 1]
const input = { name: 'pixel_values', shape: [1, 1, 2, 1], datatype: 'FP32' }
const nothing = Buffer.alloc(0)

const readJson = (request: object) => readRequest({ json: request, tensors: nothing }, SHAPE)
const asNumbers = (values: readonly number[]) => readJson({ inputs: [{ ...input, data: values }] })

function asBytes(values: readonly number[]) {
  const tensors = Buffer.from(Float32Array.from(values).buffer)
  const json = { inputs: [{ ...input, parameters: { binary_data_size: tensors.length } }] }
  return readRequest({ json, tensors }, SHAPE)
}

describe('a field that is null', () => {
  it('counts as not given, wherever it stands', () => {
    const request = {
      ...{ id: null, parameters: null, outputs: null },
      inputs: [{ ...input, parameters: { binary_data_size: null, content_type: null }, data: [0, 1] }],
    }
    const given = { inputs: [{ ...input, data: [0, 1] }] }
    expect(readJson(request)).toEqual(readJson(given))
    const outputs = [{ name: 'logits', parameters: { binary_data: null } }]
    expect(readJson({ ...given, outputs }).outputs).toEqual([{ name: 'logits', binary: false }])
  })

  it('is missed where one is needed, and is no pixel', () => {
    expect(() => readJson({ inputs: null })).toThrow('Body: inputs: expected an array, received nothing')
    expect(() => readJson({ inputs: [{ ...input, data: [0, null] }] })).toThrow('expected 2 numbers')
  })
})

describe('a parameter', () => {
  const data = [0, 1]
  const harmless = { sequence_id: 7, sequence_start: true, priority: 0, timeout: 1000, content_type: 'np' }

  it('that changes no answer is left aside', () => {
    const inputs = [{ ...input, parameters: { content_type: 'np' }, data }]
    expect(readJson({ inputs, parameters: harmless })).toEqual(asNumbers(data))
  })

  it.each<[string, object]>([
    ['outputs.0.parameters', { outputs: [{ name: 'logits', parameters: { classification: 3 } }] }],
    ['parameters', { parameters: { threshold: 0.5 } }],
    ['inputs.0.parameters', { inputs: [{ ...input, parameters: { shared_memory_region: 'a' }, data }] }],
    ['outputs.0.parameters.binary_data', { outputs: [{ name: 'logits', parameters: { binary_data: 1 } }] }],
    [
      'inputs.0.parameters.content_type',
      { inputs: [{ ...input, parameters: { content_type: 'pd' }, data }] },
    ],
  ])('that is not understood is refused: %s', (place, change) => {
    expect(() => readJson({ inputs: [{ ...input, data }], ...change })).toThrow(`Body: ${place}: expected`)
  })
})

describe.each([
  ['numbers', asNumbers],
  ['bytes', asBytes],
])('pixels as %s', (_, read) => {
  it('from 0 to 1 become bytes, those a rounding beyond too', () => {
    const product = 255 * 0.00392157
    expect(product).toBeGreaterThan(1)
    expect([...read([0, product]).images].map(Math.round)).toEqual([0, 255])
  })

  it.each([[255], [1.001], [-0.001], [-2.1]])('of %d are refused with the remedy', (value) => {
    expect(() => read([0, value])).toThrow(
      /pixel_values, value 1: expected a number from 0 to 1, .*Divide bytes .* by 255/,
    )
  })

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY]])('of %d are refused', (value) => {
    expect(() => read([value, 0])).toThrow(`value 0: expected a number from 0 to 1, received ${value}`)
  })
})
