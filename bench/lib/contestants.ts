/** Who takes part, and how each is started. */
import { join } from 'node:path'
import type { ModelName } from '#atelier/models/names.js'
import { root } from '../../scripts/lib/shell.mjs'
import { Child, type Environment } from './child.js'
import type { Peers, PyTorch } from './install.js'
import { heldBy } from './options.js'
import type { Kind, Mode, Precision, Task, Threads } from './types.js'

export interface Contestant {
  readonly id: string
  readonly title: string
  readonly kind: Kind
  /** Starts a process with so many threads. */
  readonly open: (threads: Threads) => Child
  /** The one mode that it has; null where the best one is searched for. */
  readonly mode: Mode | null
  /** Pools whose sizes must be told before the process starts, all of them to be tried. */
  readonly settings: readonly Threads[]
  readonly infersOnly?: boolean
  /** Why it does not do a task of a model, or null. */
  readonly cannot?: (model: ModelName, task: Task) => string | null
}

/** Whatever takes part on a processor with or without bf16, with up to so many threads. */
export function contestantsOf(peers: Peers, bf16: boolean, threads: number): Contestant[] {
  const own = [
    ...(bf16
      ? [
          atelier('atelier', 'Atelier', 'bf16', threads),
          atelier('atelier-f32', 'Atelier f32', 'f32', threads),
        ]
      : [atelier('atelier', 'Atelier', 'f32', threads)]),
    atelier('atelier-wasm', 'Atelier wasm', 'f32', threads, 'wasm'),
  ]
  const all = { own: threads, blas: threads }
  const pytorches = peers.pytorches.map((one) => ({
    peer: 'pytorch' as const,
    contestant: pytorch(one, peers.pytorches, threads),
  }))
  const onnxruntime: Contestant = {
    ...{ id: 'onnxruntime', title: 'onnxruntime', kind: 'onnxruntime' },
    open: (counts) => nodeChild('peers/onnxruntime.ts', counts),
    // Its sessions are told how many threads to use.
    ...{ mode: null, settings: [all], infersOnly: true },
  }
  const onnxruntimeWeb: Contestant = {
    ...{ id: 'onnxruntime-web', title: 'onnxruntime-web', kind: 'wasm' },
    open: (counts) => nodeChild('peers/onnxruntime.ts', counts, 'web'),
    // It is told how many threads to use before its first session.
    settings: [...new Set([threads, 1])].map((own) => ({ own, blas: 1 })),
    ...{ mode: null, infersOnly: true },
  }
  const javascript = (
    kind: Kind,
    id: string,
    title: string,
    file: string,
    cannot: Contestant['cannot'],
  ): Contestant => ({
    ...{ id, title, kind, settings: [all], mode: { name: 'f32', precision: 'f32' } },
    open: (counts) => nodeChild(file, counts, id),
    ...(cannot && { cannot }),
  })
  const others = [
    ...pytorches,
    { peer: 'onnxruntime' as const, contestant: onnxruntime },
    { peer: 'onnxruntime-web' as const, contestant: onnxruntimeWeb },
    {
      peer: 'tfjs-cpu' as const,
      contestant: javascript('javascript', 'tfjs-cpu', 'TF.js cpu', 'peers/tfjs.ts', (model, task) =>
        trainsConvolutions(model, task) ? 'takes minutes a step' : null,
      ),
    },
    {
      peer: 'tfjs-wasm' as const,
      contestant: javascript('wasm', 'tfjs-wasm', 'TF.js wasm', 'peers/tfjs.ts', (model, task) =>
        trainsConvolutions(model, task) ? 'cannot: no gradient of a convolution by its kernel' : null,
      ),
    },
    {
      peer: 'jax-js' as const,
      contestant: javascript('wasm', 'jax-js', 'jax-js', 'peers/jax.ts', (model, task) =>
        trainsConvolutions(model, task) ? 'takes minutes a step' : null,
      ),
    },
  ]
  return [...own, ...others.filter(({ peer }) => peers.available.has(peer)).map((one) => one.contestant)]
}

const trainsConvolutions = (model: ModelName, task: Task): boolean =>
  task === 'training' && (model === 'cnn' || model === 'resnet50')

const atelier = (
  id: string,
  title: string,
  precision: Precision,
  threads: number,
  engine: 'native' | 'wasm' = 'native',
): Contestant => ({
  ...{ id, title, kind: 'atelier', mode: { name: precision, precision } },
  open: (counts) => nodeChild('contestants/atelier.ts', counts, engine),
  settings: [{ own: threads, blas: threads }],
})

/** Named by its version, and by its interpreter where several have the same. */
function pytorch({ python, version }: PyTorch, all: readonly PyTorch[], threads: number): Contestant {
  const short = version.replace(/[^\d.].*$/, '')
  const twins = all.filter((one) => one.version.startsWith(short)).length > 1
  const title = `PyTorch ${short}${twins ? ` (${python})` : ''}`
  const counts = [...new Set([threads, 1])]
  return {
    ...{ id: `pytorch:${python}`, title, kind: 'pytorch', mode: null },
    open: (counts) => openPyTorch(python, counts),
    // Debian's has two pools of threads, OpenMP's and OpenBLAS's, which may fight for the cores.
    settings: counts.flatMap((own) => counts.map((blas) => ({ own, blas }))),
  }
}

const jiti = join(root, 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs')

export const nodeChild = (file: string, threads: Threads, ...args: readonly string[]): Child =>
  new Child(process.execPath, [jiti, join(root, 'bench', file), ...args], environmentOf(threads))

export const openPyTorch = (python: string, threads: Threads): Child =>
  new Child(python, ['-u', join(root, 'bench', 'peers', 'pytorch.py')], environmentOf(threads))

/**
 * Every library's own way of being told how many threads to use, and, where oneDNN is held to AVX2, of being held
 * likewise. What chooses OpenBLAS's kernels is left to OpenBLAS, which knows the processor.
 */
function environmentOf({ own, blas }: Threads): Environment {
  const held = heldBy() === 'AVX2'
  return {
    OMP_NUM_THREADS: String(own),
    OPENBLAS_NUM_THREADS: String(blas),
    MKL_NUM_THREADS: String(blas),
    OPENBLAS_CORETYPE: held ? 'Haswell' : undefined,
    OPENBLAS_L2_SIZE: undefined,
    ...(held && { ATEN_CPU_CAPABILITY: 'avx2', DNNL_MAX_CPU_ISA: 'AVX2', MKL_ENABLE_INSTRUCTIONS: 'AVX2' }),
  }
}
