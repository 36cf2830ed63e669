import { expect, test, vi } from 'vitest'
import { whyUnchecked } from './check.js'

vi.mock('./onnxruntime.js', async (original) => ({
  ...(await original<typeof import('./onnxruntime.js')>()),
  loadOnnxRuntime: async () => ({ runtime: null, reason: 'no binary for this system' }),
}))

test('without onnxruntime files stay unchecked, unless the check was asked for', async () => {
  expect(await whyUnchecked({ asked: false })).toBe('no binary for this system')
  await expect(whyUnchecked({ asked: true })).rejects.toThrow(
    'The check of the file: expected onnxruntime, which runs it, received no binary for this system',
  )
})
