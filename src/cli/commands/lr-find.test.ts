import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { writeDataset } from '../../../test/support/idx.js'

test('draws the curve and suggests a rate, or gives both as JSON', async () => {
  const data = join(await temporaryFolder(), 'data')
  await writeDataset(data, { trainCount: 300, testCount: 10 })
  const flags = [
    'nn',
    '--data',
    data,
    '--engine',
    'reference',
    '--batch',
    '16',
    '--steps',
    '40',
    '--from',
    '1e-5',
  ]
  const shown = await atelier('lr-find', ...flags)
  expect(shown).toMatchObject({ code: 0 })
  expect(shown.stdout).toMatch(/^nn, recipe quick, batch 16, adam\n/)
  expect(shown.stdout).toMatch(/S {2}\d\.\de-\d {2}where the loss falls fastest/)
  const picture = join(data, 'curve.svg')
  const { stdout } = await atelier('lr-find', ...flags, '--json', '--out', picture)
  const answer = JSON.parse(stdout)
  expect(answer).toMatchObject({
    model: 'nn',
    recipe: 'quick',
    batch: 16,
    seed: 1,
    from: 1e-5,
    to: 1,
    steps: 40,
  })
  const svg = await readFile(picture, 'utf8')
  expect(svg).toContain(`try: ${answer.suggestion.learningRate.toExponential(1)}`)
  expect(shown.stdout).toContain(`Try --lr ${answer.suggestion.learningRate.toExponential(1)}`)
})

test('refuses a picture of another kind', async () => {
  const { code, stderr } = await atelier('lr-find', 'nn', '--out', 'curve.jpg')
  const message = '--out: expected a file name that ends in .svg or .png, received curve.jpg\n'
  expect([code, stderr]).toEqual([2, message])
})

test('refuses rates the wrong way round', async () => {
  const { code, stderr } = await atelier('lr-find', 'nn', '--from', '0.1', '--to', '0.01')
  expect([code, stderr]).toEqual([2, '--to: expected a rate above --from 0.1, received 0.01\n'])
})
