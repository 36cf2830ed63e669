import { expect, test } from 'vitest'
import { type DoctorReport, formatReport } from './doctor.js'

const report: DoctorReport = {
  node: '20.20.0',
  os: 'linux 6.1 x64',
  cpu: { model: 'Example CPU', cores: 2, features: ['avx2', 'avx512_bf16'] },
  memoryBytes: 8 * 2 ** 30,
  engine: {
    chosen: 'native',
    reason: 'the addon is built',
    native: { available: true, reason: '', onednn: '2.6.3', isa: 'avx512_core_bf16', bf16: true, threads: 2 },
    wasm: {
      available: true,
      reason: '',
      binary: 'shared-relaxed',
      relaxedSimd: true,
      sharedMemory: true,
      threads: 2,
    },
  },
  onnxruntime: { available: true, version: '1.30.0' },
  data: {
    found: true,
    directory: '/data',
    source: 'system',
    official: false,
    files: [{ name: 'train-labels-idx1-ubyte', sha256: 'abc', official: false }],
  },
}

test('every finding stands on a line of its own', () => {
  expect(formatReport(report)).toBe(`Node       20.20.0
System     linux 6.1 x64, 8.0 GiB of memory
Processor  Example CPU, 2 cores
Features   avx2, avx512_bf16
Engine     native: the addon is built
oneDNN     2.6.3, instruction set avx512_core_bf16, bf16 in hardware
Wasm       shared-relaxed.wasm: relaxed SIMD; memory that threads share
Threads    2
ONNX       onnxruntime 1.30.0, which checks exports
Data       /data (system)
           not the official Fashion-MNIST files
           abc  train-labels-idx1-ubyte (not the official file)
`)
})

test('what is missing is said with its reason', () => {
  const bare = formatReport({
    ...report,
    cpu: { ...report.cpu, cores: 1, features: [] },
    engine: {
      chosen: 'reference',
      reason: 'no native engine',
      native: { available: false, reason: 'no C++ compiler was found' },
      wasm: { available: false, reason: 'no SIMD' },
    },
    onnxruntime: { available: false, reason: 'no binary for this system' },
    data: { found: false, reason: 'not on this machine' },
  })
  expect(bare).toContain('Processor  Example CPU, 1 core\nFeatures   no notable features reported\n')
  expect(bare).toContain(
    'Engine     reference: no native engine\noneDNN     not in use: no C++ compiler was found\n',
  )
  expect(bare).toContain('Wasm       not in use: no SIMD\n')
  expect(bare).toContain('ONNX       exports cannot be checked: no binary for this system\n')
  expect(bare).toContain('Data       not on this machine\n')
  expect(bare).not.toContain('Threads')
})

test('the wasm engine says what it lacks', () => {
  const wasm = {
    ...report.engine.wasm,
    binary: 'private-simd',
    relaxedSimd: false,
    sharedMemory: false,
    threads: 1,
  }
  const native = { available: false, reason: 'no C++ compiler was found' }
  const text = formatReport({ ...report, engine: { ...report.engine, chosen: 'wasm', native, wasm } })
  expect(text).toContain(
    'Wasm       private-simd.wasm: SIMD, not relaxed SIMD, which Node has from 22 on; ' +
      'no memory that threads share, so one thread\nThreads    1\n',
  )
})
