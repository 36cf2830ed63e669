/** What a binary exports: the interpreter, and every kernel that src/engine/wasm/kernels.ts lists. */
export { feed, perform, run, take } from './program'
export { add, blend, copy, relu, reluBackward, rescale, rescaleBytes } from './elementwise'
export { dropout } from './dropout'
export { softmaxCrossEntropy } from './loss'
export { normalization, normalizationInference, normalizationMoments } from './normalization'
export { normalizationBackward, normalizationSums } from './normalization-backward'
export { globalAveragePooling, globalAveragePoolingBackward, maxPooling, maxPoolingBackward } from './pooling'
export { adam, sgd } from './update'
