/** What a run can be scored on. */

/** test: the test images; validation: those that the run held out; train: those it learned from, unchanged. */
export const splits = ['test', 'validation', 'train'] as const
export type SplitName = (typeof splits)[number]
