/** Which weights of a run: those of its end, or of the epoch that did best on the images held out. */
export const weightsOfRun = ['final', 'best'] as const
export type WhichWeights = (typeof weightsOfRun)[number]
