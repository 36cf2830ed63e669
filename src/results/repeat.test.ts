import { expect, it } from 'vitest'
import { commandFor } from './repeat.js'

it('names what decides the bits: other threads, or another engine, would give others', () => {
  const by = (name: 'native' | 'wasm') =>
    commandFor({
      model: 'nn',
      recipeName: 'quick',
      seed: 2,
      settings: ['epochs=3', 'batch=16'],
      maxSteps: null,
      engine: { name, description: '', threads: 2 },
      data: { official: true, directory: 'data', checksums: {}, classes: [] },
    })
  const trained = 'atelier train nn --recipe quick --seed 2 --epochs 3 --set batch=16'
  expect(by('native')).toBe(`${trained} --threads 2`)
  expect(by('wasm')).toBe(`${trained} --engine wasm --threads 2`)
})
