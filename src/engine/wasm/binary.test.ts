import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { binaryName, featuresOf } from './binary.js'
import { interpreterNames, kernelNames } from './kernels.js'
import { fileOf } from './node.js'
import { webAssembly } from './webassembly.js'

const own = featuresOf()
const each = [false, true].flatMap((relaxed) => [false, true].map((shared) => ({ relaxed, shared })))

it('this Node has SIMD and shared memory, and relaxed SIMD from 22 on', () => {
  const major = Number.parseInt(process.versions.node, 10)
  expect(own).toEqual({ relaxed: major >= 22, shared: true })
})

it('asks the runtime for each feature', () => {
  const sizes = new Set<number>()
  const api = (accepted: (size: number) => boolean) => ({
    validate: (bytes: Uint8Array) => {
      sizes.add(bytes.length)
      return accepted(bytes.length)
    },
  })
  expect(featuresOf(api(() => true))).toEqual({ relaxed: true, shared: true })
  const [, relaxed, shared] = [...sizes]
  expect(featuresOf(api((size) => size !== relaxed))).toEqual({ relaxed: false, shared: true })
  expect(featuresOf(api((size) => size !== shared))).toEqual({ relaxed: true, shared: false })
  expect(featuresOf(api(() => false))).toBeNull()
})

it.for(each)(
  'the binary for %o exports the interpreter and every kernel, no more',
  async (features, { skip }) => {
    skip(features.relaxed && !own?.relaxed, 'this Node has no relaxed SIMD')
    const module = await webAssembly.compile(await readFile(fileOf(binaryName(features))))
    const names = webAssembly.Module.exports(module).map(({ name }) => name)
    expect(names.toSorted()).toEqual([...interpreterNames, ...kernelNames].toSorted())
  },
)
