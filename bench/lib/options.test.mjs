import { describe, expect, it } from 'vitest'
import { readOptions, UsageError } from './options.mjs'

describe('readOptions', () => {
  it('measures everything by default', () => {
    expect(readOptions([])).toMatchObject({
      quick: false,
      rounds: 5,
      models: ['nn', 'dnn', 'cnn', 'resnet50'],
      tasks: ['training', 'one', 'thousand'],
      peers: ['pytorch', 'onnxruntime', 'tfjs-cpu', 'tfjs-wasm'],
      command: 'npm run bench',
    })
  })

  it('takes lists in any order, and leaves TF.js out of a quick run', () => {
    const options = readOptions(['--quick', '--models', 'cnn,nn', '--rounds', '2'])
    expect(options).toMatchObject({ rounds: 2, models: ['nn', 'cnn'], peers: ['pytorch', 'onnxruntime'] })
    expect(readOptions(['--peers', 'none']).peers).toEqual([])
  })

  it.each([
    [['--models', 'vgg'], /--models: expected names out of nn, dnn, cnn, resnet50, received vgg/],
    [['--rounds', '0'], /--rounds: expected a whole number/],
    [['--fast'], /--fast/],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(UsageError)
    expect(() => readOptions(args)).toThrow(message)
  })
})
