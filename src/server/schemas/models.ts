/** Trained models: what they are, how good they are, what they see. */
import { z } from 'zod'
import { recipeSchema } from '../../recipes/recipe.js'
import { epochSchema } from '../../runs/formats/history.js'
import { testSchema } from '../../runs/formats/metrics.js'
import { share, wholeText } from './common.js'

export const modelParams = z.strictObject({ id: z.string().min(1).max(200) })

/** A line of the list of models. */
export const modelSchema = z.strictObject({
  /** The name of pretrained weights, or the name of a run's folder below runs/ (`:` between folders). */
  id: z.string(),
  kind: z.enum(['pretrained', 'run']),
  /** One of `modelNames`, or the name of a user's own. */
  model: z.string(),
  /** What it is, in words; null for a user's own. */
  title: z.string().nullable(),
  recipe: z.string(),
  seed: z.int(),
  parameters: z.int(),
  /** Null where it has not been scored. */
  testAccuracy: share.nullable(),
  /** What the study published of this model; null for a user's own. */
  publishedAccuracy: share.nullable(),
  /** The names of the classes, by label. */
  labels: z.array(z.string()),
  /** Probabilities are softmax(logits / temperature); null counts as 1. */
  temperature: z.number().positive().nullable(),
  /** A photo is unlike the data where its score is above this; null where no held-out images could tell. */
  familiarityThreshold: z.number().nullable(),
  /** Path of the held-out logits that the score compares with: f32, little-endian, [n, classes]. */
  heldOutLogits: z.string().nullable(),
  /** Whether Grad-CAM suits it. */
  convolutional: z.boolean(),
  /** Whether it takes images of 28 x 28 gray pixels, as photos become. */
  takesPhotos: z.boolean(),
  startedAt: z.string(),
  /** Changes when its weights or other files of it do. */
  version: z.string(),
  /** Paths of its ONNX files. */
  onnx: z.string(),
  activationsOnnx: z.string(),
})
export type Model = z.infer<typeof modelSchema>

export const modelListSchema = z.strictObject({ models: z.array(modelSchema) })
export type ModelList = z.infer<typeof modelListSchema>

/** A layer, which is a node of the graph. */
export const layerSchema = z.strictObject({
  name: z.string(),
  op: z.string(),
  /** The layer's own settings, such as kernel and strides. */
  params: z.record(z.string(), z.unknown()),
  /** Names of the layers it reads. */
  inputs: z.array(z.string()),
  /** Of one image's result: height, width, channels, or units. */
  shape: z.array(z.int()),
  parameters: z.int(),
  trainable: z.int(),
})
export type Layer = z.infer<typeof layerSchema>

export const modelDetailSchema = z.strictObject({
  ...modelSchema.shape,
  layers: z.array(layerSchema),
  trainable: z.int(),
  recipeValues: recipeSchema,
  /** Changes to the recipe, as --set was given them. */
  settings: z.array(z.string()),
  history: z.array(epochSchema),
  /** How it came to be. */
  training: z.strictObject({
    trainImages: z.int(),
    heldOutImages: z.int(),
    precision: z.string(),
    engine: z.string(),
    cpu: z.string(),
    /** Null where it was not kept. */
    seconds: z.number().nullable(),
    officialData: z.boolean(),
    revision: z.string().nullable(),
    command: z.string(),
  }),
  /** The model card in Markdown; null for runs. */
  card: z.string().nullable(),
})
export type ModelDetail = z.infer<typeof modelDetailSchema>

/** The model's score on the test images. */
export const evaluationSchema = z.strictObject(testSchema.omit({ confusedPairs: true }).shape)
export type Evaluation = z.infer<typeof evaluationSchema>

/** A test image as a model takes it. */
export const scoredImageSchema = z.strictObject({
  index: z.int(),
  label: z.int(),
  predicted: z.int(),
  /** Calibrated probability of the predicted class, and of the true one. */
  confidence: share,
  labelProbability: share,
})
export type ScoredImage = z.infer<typeof scoredImageSchema>

export const cellQuery = z.strictObject({
  truth: wholeText({ max: 255 }).optional(),
  predicted: wholeText({ max: 255 }).optional(),
  offset: wholeText().default(0),
  limit: wholeText({ min: 1, max: 1000 }).default(100),
})
export const mistakesQuery = z.strictObject({
  offset: wholeText().default(0),
  limit: wholeText({ min: 1, max: 1000 }).default(100),
})

export const scoredImagesSchema = z.strictObject({
  /** How many there are in all. */
  total: z.int(),
  /** The most confident first. */
  images: z.array(scoredImageSchema),
})
export type ScoredImages = z.infer<typeof scoredImagesSchema>

/** The kernels of the first layer that has any over an image. */
export const filtersSchema = z.strictObject({
  layer: z.string(),
  height: z.int(),
  width: z.int(),
  /** [filter][height x width], row after row. A dense first layer has one for each unit. */
  filters: z.array(z.array(z.number())),
  /** The largest weight, either way. */
  largest: z.number(),
})
export type Filters = z.infer<typeof filtersSchema>

/** How many dimensions become two: by the directions of most variance, or so that neighbours stay neighbours. */
export const mapMethod = z.enum(['components', 'umap'])
export type MapMethod = z.infer<typeof mapMethod>

/** UMAP's time grows faster than the number of images. */
const MOST_BY_UMAP = 2000

export const mapQuery = z
  .strictObject({
    limit: wholeText({ min: 20, max: 10_000 }).default(2000),
    by: mapMethod.default('components'),
  })
  .refine(({ by, limit }) => by !== 'umap' || limit <= MOST_BY_UMAP, {
    path: ['limit'],
    error: `expected at most ${MOST_BY_UMAP} images by umap`,
  })

/** Test images by a model's last hidden layer, in two dimensions. */
export const mapSchema = z.strictObject({
  layer: z.string(),
  /** Shares of the variance that the two axes explain; null for UMAP, whose axes mean nothing. */
  explained: z.tuple([share, share]).nullable(),
  points: z.array(
    z.strictObject({
      index: z.int(),
      x: z.number(),
      y: z.number(),
      label: z.int(),
      predicted: z.int(),
    }),
  ),
})
export type ImageMap = z.infer<typeof mapSchema>
