import { describe, expect, it, vi } from 'vitest'
import { chooseClassifyingEngine, chooseEngine, describeEngines } from './choose.js'

vi.mock('./native/addon.js', () => ({
  loadAddon: () => ({ addon: null, reason: 'it is not built', hint: 'build it' }),
}))
const state = vi.hoisted(() => ({ wasm: true, onnxruntime: true }))
vi.mock('./wasm/node.js', async (original) => {
  const wasm = await original<typeof import('./wasm/node.js')>()
  const none = { available: false, reason: 'no SIMD' }
  return { ...wasm, describeWasm: () => (state.wasm ? wasm.describeWasm() : none) }
})
vi.mock('./onnxruntime/runtime.js', async (original) => {
  const runtime = await original<typeof import('./onnxruntime/runtime.js')>()
  const none = { runtime: null, reason: 'no binary for this system' }
  return { loadOnnxRuntime: async () => (state.onnxruntime ? runtime.loadOnnxRuntime() : none) }
})

const noNative = 'no native engine: it is not built; to change that: build it'

describe('without the native engine', () => {
  it('the wasm engine classifies and trains', async () => {
    for (const choose of [chooseClassifyingEngine, chooseEngine]) {
      const { engine, reason, fallback } = await choose({ engine: 'auto', threads: 1 })
      expect([engine.name, engine.threads, reason, fallback]).toEqual(['wasm', 1, noNative, true])
    }
    expect(await describeEngines()).toMatchObject({
      chosen: 'wasm',
      reason: noNative,
      native: { available: false, reason: noNative },
      wasm: { available: true, binary: expect.stringMatching(/^shared-(simd|relaxed)$/) },
    })
  })

  it('the reference engine does where WebAssembly cannot run it either', async () => {
    state.wasm = false
    for (const choose of [chooseClassifyingEngine, chooseEngine]) {
      const { engine, reason, fallback } = await choose({ engine: 'auto' })
      expect([engine.name, reason, fallback]).toEqual([
        'reference',
        `${noNative}; no wasm engine: no SIMD`,
        true,
      ])
    }
    state.wasm = true
  })

  it('onnxruntime says so where it is asked for and does not load', async () => {
    state.onnxruntime = false
    await expect(chooseClassifyingEngine({ engine: 'onnxruntime' })).rejects.toThrow(
      /--engine onnxruntime: expected a package that loads, received no binary for this system/,
    )
  })
})
