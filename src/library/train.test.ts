import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { UsageError } from '../core/errors.js'
import { dense, flatten, input, sequential } from '../models/authoring.js'
import { type TrainOptions, train } from './train.js'

const named = (name: string) => sequential(name, input(28, 28, 1), flatten(), dense(10))

it.each<[string, TrainOptions, string]>([
  ['own', { seed: 1.5 }, 'seed: expected a whole number of at least 0, received 1.5'],
  ['own', { seed: -1 }, 'seed: expected a whole number of at least 0, received -1'],
  ['own', { limit: 0 }, 'limit: expected a whole number of at least 1, received 0'],
  ['cnn', {}, 'Model, name: expected one of its own, received cnn, which is built in'],
])('a training of %s with %o is refused before it leaves a folder', async (name, options, message) => {
  const out = join(await temporaryFolder(), 'run')
  const training = train(named(name), { out, ...options })
  await expect(training).rejects.toThrow(UsageError)
  await expect(training).rejects.toThrow(message)
  expect(existsSync(out)).toBe(false)
})
