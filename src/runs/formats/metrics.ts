/**
 * metrics.json: how a training went, and how good its weights are on the test images. Released weights have the same
 * keys, of the weights as they are released, and three more.
 */
import { z } from 'zod'

const share = z.number().min(0).max(1)
const count = z.int().nonnegative()

/** An interval of confidence, 95 %. */
const interval = z.object({ low: share, high: share })
export type Interval = z.infer<typeof interval>

/** Images whose confidence, the largest softmax probability, lies in (from, to]. */
const reliabilityBin = z.object({
  from: share,
  to: share,
  n: count,
  /** Means over the bin's images; null where there are none. */
  confidence: share.nullable(),
  accuracy: share.nullable(),
})
export type ReliabilityBin = z.infer<typeof reliabilityBin>

const calibration = z.object({
  /** Expected calibration error: the mean over the images of their bin's |accuracy - confidence|. */
  ece: z.number(),
  bins: z.array(reliabilityBin),
})
export type Calibration = z.infer<typeof calibration>

/** A temperature and the images that it was fitted on, never those of the test set. */
const fittedTemperature = z.object({
  temperature: z.number().positive(),
  /** In words: `5,000 held-out images`. */
  fittedOn: z.string(),
})
export type FittedTemperature = z.infer<typeof fittedTemperature>

/** What dividing the logits by a temperature makes of them; their order, and so the accuracy, stays. */
const temperatureScaling = z.object({
  ...fittedTemperature.shape,
  ...calibration.shape,
  /** Mean cross-entropy. */
  loss: z.number(),
})
export type TemperatureScaling = z.infer<typeof temperatureScaling>

const classScores = z.object({
  /** correct / n. */
  recall: share,
  /** correct / images classified as this class. */
  precision: share,
  /** The harmonic mean of recall and precision. */
  f1: share,
})

const classMetrics = z.object({
  name: z.string(),
  /** Images of this class, and those of them classified as such. */
  n: count,
  correct: count,
  ...classScores.shape,
})
export type ClassMetrics = z.infer<typeof classMetrics>

const confusedPair = z.object({
  trueClass: z.string(),
  predictedClass: z.string(),
  /** Images, and what share of the true class they are. */
  count: z.int(),
  share,
})
export type ConfusedPair = z.infer<typeof confusedPair>

/** Shares are in [0, 1]; one of no images counts as 0. */
const evaluation = z.object({
  n: count,
  accuracy: share,
  /** 95 % interval of the accuracy, by Wilson's method. */
  interval,
  /** Mean over the images of -log softmax(logits)[label]: the log loss. */
  loss: z.number(),
  correct: count,
  /** Shares of images whose label is among the two or three classes of the largest logits. */
  top2: share,
  top3: share,
  /** Means over the classes, all alike. */
  macro: classScores,
  perClass: z.array(classMetrics),
  /** Numbers of images by true class (row) and the class they were given (column). */
  confusion: z.array(z.array(count)),
  /** The cells off the diagonal that are not zero, the largest first. */
  confusedPairs: z.array(confusedPair),
  calibration,
})
export type Evaluation = z.infer<typeof evaluation>

export const testSchema = z.object({
  ...evaluation.shape,
  /** Log loss and calibration of the logits divided by the temperature; null where there is none. */
  temperatureScaling: temperatureScaling.nullable(),
})

const training = z.object({
  /** A fraction where it ended within an epoch. */
  epochs: z.number().positive(),
  seconds: z.number().nonnegative(),
  /** Of the last epoch, or of the one whose weights were restored, as the weights changed under it; `evaluate --split train` gives the clean one. */
  loss: z.number(),
  accuracy: share,
  validationAccuracy: share.nullable(),
})

const scores = z.object({ accuracy: share, loss: z.number() })

/** Released weights with all that is told of them. */
export const releasedMetricsSchema = z.object({
  training,
  calibration: fittedTemperature,
  test: testSchema,
  familiarity: z.object({
    /** From which score on images are unlike all that the model knows. */
    threshold: z.number(),
    /** The share of held-out images beyond it. */
    falseAlarms: share,
  }),
  /** The weights before they were rounded. */
  f32: scores,
  /** The run that held images out, on these. */
  heldOut: z.object({ n: count, ...scores.shape }),
})
export type ReleasedMetrics = z.infer<typeof releasedMetricsSchema>

/** A finished run. */
export const runMetricsSchema = releasedMetricsSchema
  .pick({ training: true, test: true })
  /** Fitted on the images held out; null where there were none, or none that could say. */
  .extend({ calibration: fittedTemperature.nullable() })
export type RunMetrics = z.infer<typeof runMetricsSchema>

/** Of a run, finished or not, or of a release, as far as it goes. */
export const metricsSchema = releasedMetricsSchema
  .extend({ calibration: fittedTemperature.nullable() })
  .partial()
export type Metrics = z.infer<typeof metricsSchema>

/** What says how sure a model may be. */
export const confidenceSchema = metricsSchema.pick({ calibration: true, familiarity: true })
