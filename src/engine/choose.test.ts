import { describe, expect, it } from 'vitest'
import { chooseEngine, describeEngines } from './choose.js'
import type { EngineName } from './names.js'
import { loadAddon } from './native/addon.js'

const available = loadAddon().addon !== null

describe('the choice of engine', () => {
  it('takes the reference engine when asked to', async () => {
    const { engine, reason } = await chooseEngine({ engine: 'reference' })
    expect([engine.name, reason]).toEqual(['reference', 'as asked'])
  })

  it('takes the wasm engine when asked to, with the threads asked for', async () => {
    const { engine, reason } = await chooseEngine({ engine: 'wasm', threads: 3 })
    expect([engine.name, engine.threads, reason]).toEqual(['wasm', 3, 'as asked'])
    await expect(chooseEngine({ engine: 'wasm', threads: 0 })).rejects.toThrow('from 1 to 1024')
  })

  it.skipIf(!available)(
    'takes the native engine where there is one, with the threads asked for',
    async () => {
      const { engine } = await chooseEngine({ engine: 'auto', threads: 1 })
      expect([engine.name, engine.threads]).toEqual(['native', 1])
      const { native, wasm, chosen } = await describeEngines()
      expect(chosen).toBe('native')
      expect(wasm).toMatchObject({ available: true, sharedMemory: true })
      expect(native).toMatchObject({
        available: true,
        bf16: engine.bf16,
        onednn: expect.stringMatching(/^\d+\.\d+/),
      })
    },
  )

  it.skipIf(available)('falls back with a reason, and insists when asked by name', async () => {
    const { engine, reason } = await chooseEngine({ engine: 'auto' })
    expect(engine.name).toBe('wasm')
    expect(reason).toMatch(/no native engine: .+; to change that: /)
    await expect(chooseEngine({ engine: 'native' })).rejects.toThrow('The native engine is not available')
    expect(await describeEngines()).toMatchObject({
      chosen: 'wasm',
      reason,
      native: { available: false, reason },
    })
  })

  it.each(['onnxruntime', 'constructor'])('refuses %s, which is no engine', async (name) => {
    await expect(chooseEngine({ engine: name as EngineName })).rejects.toThrow(
      `engine: expected auto, native, wasm or reference, received ${name}`,
    )
  })
})
