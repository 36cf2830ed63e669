import { expect, it } from 'vitest'
import { UsageError } from '../core/errors.js'
import { loadModel } from './model.js'
import { type ImageInput, predict } from './predict.js'

it('refuses pixels that are no bytes, with the remedy', async () => {
  const model = await loadModel('nn', { engine: 'reference' })
  const asked = predict(model, [new Float32Array(784).fill(0.5) as unknown as ImageInput])
  await expect(asked).rejects.toThrow(UsageError)
  await expect(asked).rejects.toThrow(
    'Image 0: expected a path or a Uint8Array, received something else. Multiply',
  )
  model.close()
})
