import { describe, expect, it } from 'vitest'
import { UsageError } from '../core/errors.js'
import { choice, engineOption, realNumber, wholeNumber } from './options.js'

const refusal = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as Error).message
  }
  return expect.fail('nothing was refused')
}

describe('wholeNumber', () => {
  it('reads digits within its range', () => {
    expect(wholeNumber('--epochs')('20')).toBe(20)
    expect(wholeNumber('--seed', { min: 0 })('0')).toBe(0)
  })

  it.each(['zero', '0', '-3', '1.5', '1e3', '', ' ', '0x10', '12abc', '9007199254740993'])(
    'refuses "%s"',
    (text) => {
      const received = text.trim() === '' ? 'nothing' : text
      expect(refusal(() => wholeNumber('--epochs')(text))).toBe(
        `--epochs: expected a whole number of at least 1, received ${received}`,
      )
    },
  )

  it('names both ends of a range', () => {
    expect(refusal(() => wholeNumber('--port', { min: 0, max: 65535 })('70000'))).toBe(
      '--port: expected a whole number from 0 to 65535, received 70000',
    )
  })
})

describe('realNumber', () => {
  it('reads decimals and exponents', () => {
    expect(realNumber('--lr', { above: 0 })('1e-3')).toBe(0.001)
    expect(realNumber('--rate', { min: 0, below: 1 })('0')).toBe(0)
  })

  it.each([
    ['0', { above: 0 }, 'a number above 0'],
    ['1', { min: 0, below: 1 }, 'a number at least 0 and below 1'],
    ['1.1', { max: 1 }, 'a number at most 1'],
    ['fast', {}, 'a number'],
    ['NaN', {}, 'a number'],
    ['Infinity', {}, 'a number'],
  ])('refuses %s within %j', (text, bounds, expected) => {
    expect(refusal(() => realNumber('--x', bounds)(text))).toBe(`--x: expected ${expected}, received ${text}`)
  })
})

describe('choice', () => {
  const engine = choice('--engine', ['auto', 'native', 'reference'])
  it('takes one of its names and helps with others', () => {
    expect(engine('native')).toBe('native')
    expect(refusal(() => engine('nativ'))).toBe(
      '--engine: expected auto, native or reference, received nativ. Did you mean native?',
    )
    expect(refusal(() => engine('gpu'))).toBe('--engine: expected auto, native or reference, received gpu')
  })

  it('knows the engines, of which what checks exports is none', () => {
    expect(refusal(() => engineOption().parseArg?.('onnxruntime', undefined))).toBe(
      '--engine: expected auto, native, wasm or reference, received onnxruntime',
    )
  })
})
