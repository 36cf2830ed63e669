import { describe, expect, it, vi } from 'vitest'
import { chooseEngine, describeEngines } from './choose.js'

vi.mock('./native/addon.js', () => ({
  loadAddon: () => ({ addon: null, reason: 'it is not built', hint: 'build it' }),
}))
const state = vi.hoisted(() => ({ wasm: true }))
vi.mock('./wasm/node.js', async (original) => {
  const wasm = await original<typeof import('./wasm/node.js')>()
  const none = { available: false, reason: 'no SIMD' }
  return { ...wasm, describeWasm: () => (state.wasm ? wasm.describeWasm() : none) }
})

const noNative = 'no native engine: it is not built; to change that: build it'

describe('without the native engine', () => {
  it('the wasm engine classifies and trains', async () => {
    const { engine, reason, fallback } = await chooseEngine({ engine: 'auto', threads: 1 })
    expect([engine.name, engine.threads, reason, fallback]).toEqual(['wasm', 1, noNative, true])
    expect(await describeEngines()).toMatchObject({
      chosen: 'wasm',
      reason: noNative,
      native: { available: false, reason: noNative },
      wasm: { available: true, binary: expect.stringMatching(/^shared-(simd|relaxed)$/) },
    })
  })

  it('the reference engine does where WebAssembly cannot run it either', async () => {
    state.wasm = false
    const { engine, reason, fallback } = await chooseEngine({ engine: 'auto' })
    expect([engine.name, reason, fallback]).toEqual([
      ...['reference', `${noNative}; no wasm engine: no SIMD`, true],
    ])
  })
})
