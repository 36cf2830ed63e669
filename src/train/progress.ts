/** What a training tells while it runs. */
export interface TrainingProgress {
  readonly epoch: number
  readonly epochs: number
  /** Steps of the epoch that are done, and all of them. */
  readonly step: number
  readonly steps: number
  /** Running means over the epoch. */
  readonly loss: number
  readonly accuracy: number
  readonly imagesPerSecond: number
  /** For the rest of the training. */
  readonly secondsLeft: number
}
