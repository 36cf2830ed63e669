import { expect, test } from 'vitest'
import { FASHION_CLASSES } from '../data/classes.js'
import { classIndexOf } from './class-argument.js'

test('a class goes by its name, in any case, or by its index', () => {
  expect(
    ['Sneaker', 't-shirt/top', ' ankle BOOT ', '0', '9'].map((text) => classIndexOf(text, FASHION_CLASSES)),
  ).toEqual([7, 0, 9, 0, 9])
  // Unnamed classes are named by their indices; a name comes first.
  expect(classIndexOf('1', ['1', '0'])).toBe(0)
})

test('a mistyped one is refused with the nearest', () => {
  expect(() => classIndexOf('Sneker', FASHION_CLASSES)).toThrow(
    '--class: expected a class or an index from 0 to 9, received Sneker. Did you mean Sneaker?',
  )
  expect(() => classIndexOf('10', FASHION_CLASSES)).toThrow('received 10')
})
