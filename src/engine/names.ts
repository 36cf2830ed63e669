/** Engines as users name them. */

export const engineNames = ['auto', 'native', 'wasm', 'reference'] as const
export type EngineName = (typeof engineNames)[number]

/** Of those that tell how long each step takes. */
export const profiledEngineNames = ['auto', 'native', 'wasm'] as const
