import { expect, it } from 'vitest'
import { neutralCommand } from './neutral.js'

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
