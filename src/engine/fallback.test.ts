import { describe, expect, it, vi } from 'vitest'
import { chooseClassifyingEngine, chooseEngine } from './choose.js'

vi.mock('./native/addon.js', () => ({
  loadAddon: () => ({ addon: null, reason: 'it is not built', hint: 'build it' }),
}))
const state = vi.hoisted(() => ({ loads: true }))
vi.mock('./onnxruntime/runtime.js', async (original) => {
  const runtime = await original<typeof import('./onnxruntime/runtime.js')>()
  const none = { runtime: null, reason: 'no binary for this system' }
  return { loadOnnxRuntime: async () => (state.loads ? runtime.loadOnnxRuntime() : none) }
})

describe('without the native engine', () => {
  it('onnxruntime classifies and the reference engine trains', async () => {
    const [classifying, training] = [
      await chooseClassifyingEngine({ engine: 'auto' }),
      await chooseEngine({ engine: 'auto' }),
    ]
    expect([classifying.engine.name, training.engine.name]).toEqual(['onnxruntime', 'reference'])
    expect(classifying.reason).toBe('no native engine: it is not built; to change that: build it')
  })

  it('the reference engine classifies too where onnxruntime does not load', async () => {
    state.loads = false
    const { engine } = await chooseClassifyingEngine({ engine: 'auto' })
    expect(engine.name).toBe('reference')
    await expect(chooseClassifyingEngine({ engine: 'onnxruntime' })).rejects.toThrow(
      /--engine onnxruntime: expected a package that loads, received no binary for this system/,
    )
  })
})
