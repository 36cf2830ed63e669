/** Which weights of a run: those that its training ended with, or those of the epoch that did best on the images held out. */
export const weightsOfRun = ['final', 'best'] as const
export type WhichWeights = (typeof weightsOfRun)[number]
