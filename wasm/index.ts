/** What a binary exports: the interpreter, and every kernel that src/engine/wasm/kernels.ts lists. */
export { feed, perform, run, take } from './program'
export { add, blend, copy, relu, reluBackward, rescale, rescaleBytes } from './elementwise'
