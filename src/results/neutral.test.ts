import { expect, it } from 'vitest'
import { runRecord } from '../../test/support/records.js'
import { neutralCommand, neutralRecord } from './neutral.js'

it.each([
  ['atelier train cnn --recipe tuned --seed 2', 'atelier train cnn --recipe tuned --seed 2'],
  ['atelier train nn --out /home/me/runs/a --epochs 3', 'atelier train nn --epochs 3'],
  ['atelier train nn --data=/data/x --out=runs/a', 'atelier train nn'],
  ['atelier train nn --recipe /home/me/long.json', 'atelier train nn --recipe long.json'],
  [
    'atelier train nn --recipe=..\\long.json --set holdOut=5000',
    'atelier train nn --recipe=long.json --set holdOut=5000',
  ],
])('the command %s is kept as %s', (command, kept) => {
  expect(neutralCommand(command)).toBe(kept)
})

it('a teacher keeps the name of its run alone', () => {
  const model = '/home/me/runs/cnn-held-out'
  const record = runRecord({ settings: [`teacher.model=${model}`] }, { teacher: { model, share: 0.9 } })
  const { settings, recipe } = neutralRecord(record)
  expect(settings).toEqual(['teacher.model=cnn-held-out'])
  expect(recipe.teacher).toEqual({ model: 'cnn-held-out', share: 0.9 })
})
