/**
 * The kernels that wasm/index.ts exports, each at its place in the table through which programs call them. The one list:
 * a kernel that is missing in a binary, or here, is an error in a test and at the first use.
 */
export const kernelNames = [
  'relu',
  'reluBackward',
  'add',
  'rescale',
  'rescaleBytes',
  'blend',
  'copy',
  'dropout',
  'softmaxCrossEntropy',
  'normalization',
  'normalizationInference',
  'normalizationMoments',
  'normalizationBackward',
  'normalizationSums',
  'globalAveragePooling',
  'globalAveragePoolingBackward',
  'maxPooling',
  'maxPoolingBackward',
  'adam',
  'sgd',
  'dots',
  'packWeights',
  'product',
  'productGradient',
  'addSums',
] as const
export type KernelName = (typeof kernelNames)[number]

/** The interpreter of programs (wasm/program.ts), beside the kernels. */
export const interpreterNames = ['run', 'perform', 'feed', 'take'] as const
