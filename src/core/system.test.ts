import { expect, test } from 'vitest'
import { completeModel, describeSystem, notableFeatures, parseCpuinfo, parseSysctl } from './system.js'

test('x86 flags are read from the first processor and named in a fixed order', () => {
  const text =
    'processor\t: 0\nmodel name\t: X\nflags\t\t: fpu avx512f avx2 avx512_bf16\n\nflags\t\t: amx_bf16\n'
  expect(notableFeatures(parseCpuinfo(text))).toEqual(['avx2', 'avx512f', 'avx512_bf16'])
})

test('a flag is matched whole, not as a part of another', () => {
  expect(notableFeatures(parseCpuinfo('flags : avx512_bf16_extra sve2\n'))).toEqual([])
})

test('Arm features are read from the line that Arm kernels write', () => {
  expect(notableFeatures(parseCpuinfo('Features\t: fp asimd sve bf16\n'))).toEqual(['neon', 'sve', 'bf16'])
})

test('a processor whose name was cut short is told by its family and model', () => {
  const text = 'cpu family\t: 26\nmodel\t\t: 2\nmodel name\t: AMD EPYC\n'
  expect(completeModel('AMD EPYC', text)).toBe('AMD EPYC (family 26, model 2)')
  expect(completeModel('AMD EPYC', '')).toBe('AMD EPYC')
  expect(completeModel('AMD EPYC 9654 96-Core Processor', text)).toBe('AMD EPYC 9654 96-Core Processor')
})

test('macOS reports of both kinds of Mac are understood', () => {
  const apple = 'hw.optional.arm.FEAT_BF16: 1\nhw.optional.neon: 1\nhw.optional.arm.FEAT_SVE: 0\n'
  expect(notableFeatures(parseSysctl(apple))).toEqual(['neon', 'bf16'])
  const intel = 'machdep.cpu.features: FPU FMA AVX1.0\nmachdep.cpu.leaf7_features: AVX2 AVX512F\n'
  expect(notableFeatures(parseSysctl(intel))).toEqual(['avx2', 'fma', 'avx512f'])
})

test('this machine has a processor, memory and the Node that runs the test', () => {
  const system = describeSystem()
  expect(system.cpu.cores).toBeGreaterThan(0)
  expect(system.memoryBytes).toBeGreaterThan(2 ** 20)
  expect(`v${system.node}`).toBe(process.version)
})
