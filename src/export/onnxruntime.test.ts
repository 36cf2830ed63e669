import { expect, test } from 'vitest'
import { describeOnnxRuntime, onnxLogits } from './onnxruntime.js'

test('tells the version that checks exports', async () => {
  expect(await describeOnnxRuntime()).toEqual({
    available: true,
    version: expect.stringMatching(/^\d+\.\d+/),
  })
})

test('refuses what is no model', async () => {
  const request = { threads: 1, image: [1, 1, 1], classes: 1 }
  await expect(onnxLogits(Uint8Array.of(1, 2, 3), request, Uint8Array.of(0), 1)).rejects.toThrow(
    /^onnxruntime: expected a model that it can load, received /,
  )
})
