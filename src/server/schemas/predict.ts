/** Predictions for photos, and why. */
import { z } from 'zod'
import { share, wholeText } from './common.js'

/** Whether intensities are negated; `auto` looks at the background. */
const invert = z.enum(['auto', 'yes', 'no']).default('auto')

export const predictQuery = z.strictObject({
  /** Ids of models, by commas; by default all pretrained ones. */
  models: z.string().min(1).max(2000).optional(),
  invert,
})

/** Whether a photo is like the images that the model has learned from. */
export const familiaritySchema = z.strictObject({
  familiar: z.boolean(),
  /**
   * The larger, the less alike; above the threshold it is unlike anything that the model knows. Both are null for a
   * blank image where no held-out images could tell.
   */
  score: z.number().nullable(),
  threshold: z.number().nullable(),
})
export type Familiarity = z.infer<typeof familiaritySchema>

export const predictionSchema = z.strictObject({
  /** The model's id. */
  model: z.string(),
  label: z.int(),
  class: z.string(),
  /** By label; calibrated where the model has a temperature. */
  probabilities: z.array(share),
  /** Null where no held-out images could tell, unless the image is blank. */
  familiarity: familiaritySchema.nullable(),
})
export type Prediction = z.infer<typeof predictionSchema>

/** What became of a photo on its way to the model. */
export const photoSchema = z.strictObject({
  /** 28 x 28 bytes, row after row: light on black. */
  pixels: z.array(z.int().min(0).max(255)),
  negated: z.boolean(),
  /** It was a 28 x 28 gray image already. */
  untouched: z.boolean(),
  /** There is nothing in the picture. */
  blank: z.boolean(),
  /** Whether there is a plain background; without one the picture is not trimmed. */
  plain: z.boolean(),
})
export type Photo = z.infer<typeof photoSchema>

export const predictedImageSchema = z.union([
  z.strictObject({
    /** The file's name, where one was sent. */
    name: z.string(),
    photo: photoSchema,
    /** One for each model, in the order asked for. */
    predictions: z.array(predictionSchema),
  }),
  z.strictObject({ name: z.string(), error: z.string() }),
])
export type PredictedImage = z.infer<typeof predictedImageSchema>

export const predictResponse = z.strictObject({ images: z.array(predictedImageSchema) })
export type PredictResponse = z.infer<typeof predictResponse>

export const methodSchema = z.enum(['gradcam', 'gradient', 'occlusion'])
export type Method = z.infer<typeof methodSchema>

export const explainQuery = z.strictObject({
  model: z.string().min(1).max(200),
  /** By default gradcam for convolutional nets, gradient for others. */
  method: methodSchema.optional(),
  /** The label of the class to explain; by default the predicted one. */
  class: wholeText({ max: 255 }).optional(),
  invert,
})

export const explainResponse = z.strictObject({
  model: z.string(),
  method: methodSchema,
  /** The layer that Grad-CAM looked at; null for other methods. */
  layer: z.string().nullable(),
  /** The class that the map is of. */
  label: z.int(),
  class: z.string(),
  predicted: z.int(),
  probabilities: z.array(share),
  height: z.int(),
  width: z.int(),
  /** Row after row: the larger, the more a place speaks for the class; below zero it speaks against it. */
  values: z.array(z.number()),
  photo: photoSchema,
})
export type ExplainResponse = z.infer<typeof explainResponse>
