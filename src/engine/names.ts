/** Engines as users name them. */

export const engineNames = ['auto', 'native', 'wasm', 'reference'] as const
export type EngineName = (typeof engineNames)[number]

/** Of those that classify, whether or not they train. */
export const classifyingEngineNames = [...engineNames, 'onnxruntime'] as const
export type ClassifyingEngineName = (typeof classifyingEngineNames)[number]

/** Of those that tell how long each step takes. */
export const profiledEngineNames = ['auto', 'native', 'wasm'] as const
