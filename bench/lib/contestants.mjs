// Who takes part, and how each is started.
import { join } from 'node:path'
import { root } from '../../scripts/lib/shell.mjs'
import { Child } from './child.mjs'

const PEERS = join(root, 'bench', 'peers')

const atelier = (id, title, precision) => ({
  id,
  title,
  open: (env) => nodeChild('atelier.mjs', env),
  request: { precision },
})

/**
 * `open` starts the process; `calibrates`: modes are tried and the best one counts; `cannot` says why a
 * contestant does not do a task of a model, or gives null.
 */
export function contestantsOf(peers, { bf16 }) {
  const own = bf16
    ? [atelier('atelier', 'Atelier', 'bf16'), atelier('atelier-f32', 'Atelier f32', 'f32')]
    : [atelier('atelier', 'Atelier', 'f32')]
  const others = [
    {
      id: 'pytorch',
      title: 'PyTorch',
      calibrates: true,
      open: (env) => openPyTorch(peers.pytorch.python, env),
    },
    {
      id: 'onnxruntime',
      title: 'onnxruntime',
      calibrates: true,
      open: (env) => nodeChild('onnxruntime.mjs', env),
      infersOnly: true,
    },
    {
      id: 'tfjs-cpu',
      title: 'TF.js cpu',
      open: (env) => nodeChild('tfjs.mjs', env, 'cpu'),
      cannot: (model, task) => (trainsConvolutions(model, task) ? 'takes minutes a step' : null),
    },
    {
      id: 'tfjs-wasm',
      title: 'TF.js wasm',
      open: (env) => nodeChild('tfjs.mjs', env, 'wasm'),
      cannot: (model, task) =>
        trainsConvolutions(model, task) ? 'cannot: no gradient of a convolution by its kernel' : null,
    },
  ]
  return [...own, ...others.filter(({ id }) => peers[id] && !peers[id].skipped)]
}

const trainsConvolutions = (model, task) => task === 'training' && ['cnn', 'resnet50'].includes(model)

export const nodeChild = (file, env, ...args) =>
  new Child(process.execPath, [join(PEERS, file), ...args], env)

export const openPyTorch = (python, env) => new Child(python, ['-u', join(PEERS, 'pytorch.py')], env)

/** Every library's own way of being told how many threads to use. */
export const threadEnvironment = (threads) => ({
  OMP_NUM_THREADS: String(threads),
  OPENBLAS_NUM_THREADS: String(threads),
  MKL_NUM_THREADS: String(threads),
})
