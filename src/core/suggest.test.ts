import { describe, expect, it } from 'vitest'
import { closest } from './suggest.js'

describe('closest', () => {
  const names = ['nn', 'dnn', 'cnn', 'resnet50']
  it.each([
    ['resnet5', 'resnet50'],
    ['ResNet-50', 'resnet50'],
    ['dn', 'dnn'],
    ['cn', 'cnn'],
    ['cmn', 'cnn'],
    ['nm', 'nn'],
    ['x', undefined],
    ['transformer', undefined],
  ])('of %s is %s', (typed, expected) => {
    expect(closest(typed, names)).toBe(expected)
  })
})
