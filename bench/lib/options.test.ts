import { afterEach, describe, expect, it, vi } from 'vitest'
import { readOptions, UsageError } from './options.js'

afterEach(() => vi.unstubAllEnvs())

describe('readOptions', () => {
  it('measures everything by default', () => {
    vi.stubEnv('ONEDNN_MAX_CPU_ISA', '')
    expect(readOptions([])).toMatchObject({
      quick: false,
      rounds: 5,
      models: ['nn', 'dnn', 'cnn', 'resnet50'],
      tasks: ['training', 'one', 'thousand'],
      peers: ['pytorch', 'onnxruntime', 'onnxruntime-web', 'tfjs-cpu', 'tfjs-wasm', 'jax-js'],
      pythons: [],
      command: 'npm run bench',
    })
  })

  it('takes lists in any order, and leaves the JavaScript peers out of a quick run', () => {
    const options = readOptions(['--quick', '--models', 'cnn,nn', '--rounds', '2'])
    expect(options).toMatchObject({ rounds: 2, models: ['nn', 'cnn'], peers: ['pytorch', 'onnxruntime'] })
    expect(readOptions(['--peers', 'none'])?.peers).toEqual([])
  })

  it('takes as many interpreters as are given', () => {
    expect(readOptions(['--python', '/a', '--python', '/b'])?.pythons).toEqual(['/a', '/b'])
  })

  it('names no place of this machine in the command', () => {
    vi.stubEnv('ONEDNN_MAX_CPU_ISA', '')
    const args = [
      '--python',
      '/home/me/bin/python3',
      '--json=/tmp/all.json',
      '--python=/opt/python',
      '--write',
    ]
    expect(readOptions(args)?.command).toBe('npm run bench -- --python PYTHON --python PYTHON --write')
  })

  it('says with the command what oneDNN is held to', () => {
    vi.stubEnv('ONEDNN_MAX_CPU_ISA', 'AVX2')
    expect(readOptions(['--quick'])?.command).toBe('ONEDNN_MAX_CPU_ISA=AVX2 npm run bench -- --quick')
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
