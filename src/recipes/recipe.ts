/** A recipe: everything about a training that is not the architecture. Units are in the comments. */

import { z } from 'zod'
import { augmentationSchema } from '../data/augment/augmentation.js'
import type { PixelScaling } from '../graph/pixel-scaling.js'
import type { UpdateRule } from '../plan/build.js'

const fraction = z.number().min(0).max(1)

const optimizer = z.discriminatedUnion('kind', [
  /** Adam with Keras 2's epsilon; a weight decay above 0 makes it AdamW (decoupled, times the rate). */
  z.strictObject({
    kind: z.literal('adam'),
    beta1: fraction.lt(1),
    beta2: fraction.lt(1),
    epsilon: z.number().positive(),
    weightDecay: z.number().min(0),
  }),
  /** SGD as PyTorch's: the weight decay is added to the gradient. */
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: fraction.lt(1),
    nesterov: z.boolean(),
    weightDecay: z.number().min(0),
  }),
])

const restarts = z
  .array(fraction.gt(0).lt(1))
  .refine(
    (shares) => shares.every((share, i) => i === 0 || share > (shares[i - 1] as number)),
    'expected rising shares',
  )
  .readonly()

const schedule = z.strictObject({
  /** constant; oneCycle: cosine up, then cosine down; cosine: linear up, then cosine down. */
  kind: z.enum(['constant', 'oneCycle', 'cosine']),
  /** The highest learning rate. */
  learningRate: z.number().positive(),
  /** Share of all steps in which the rate rises. */
  warmup: fraction,
  /** The last rate as a share of the highest. */
  final: fraction,
  /** Share of all steps after which the course begins anew (a warm restart: arXiv 1608.03983), or several; 0: never. */
  restart: z.union([fraction.lt(1), restarts]).default(0),
})

export const recipeSchema = z.strictObject({
  epochs: z.int().positive(),
  /** Images a step; an epoch's last step takes what is left. */
  batch: z.int().positive().max(65_536),
  /** Of activations. auto: bf16 where the processor has it, else f32. */
  precision: z.enum(['auto', 'f32', 'bf16']),
  /** Training images held out for validation: a share below 1, or a number of them. */
  holdOut: z
    .number()
    .min(0)
    .refine((value) => value < 1 || Number.isInteger(value), 'expected a share below 1 or a whole number'),
  /** Pixels in [0, 1] are shifted by -mean and divided by deviation. */
  pixels: z.strictObject({ mean: z.number(), deviation: z.number().positive() }),
  optimizer,
  schedule,
  /** Label smoothing of the cross-entropy. */
  smoothing: fraction.lt(1),
  /**
   * Rate of all the model's dropout layers; a model without any gets one before each dense layer but the first.
   * null: as the model has it.
   */
  dropout: fraction.lt(1).nullable().default(null),
  /**
   * Batch Normalization's scale at the end of each residual branch starts at 0, so that every block begins as its
   * shortcut (Goyal et al., arXiv 1706.02677, 5.1; torchvision's zero_init_residual).
   */
  zeroInitResidual: z.boolean().default(false),
  /**
   * Distillation (Hinton et al., arXiv 1503.02531; Beyer et al., arXiv 2106.05237): of each target this share is what a
   * trained model, named as elsewhere, makes of the same image as it was augmented.
   */
  teacher: z
    .strictObject({ model: z.string(), share: fraction.gt(0) })
    .nullable()
    .default(null),
  /** Decay of the weights' moving average, which then replaces them; 0: none. */
  average: fraction.lt(1),
  /** Batches from which Batch Normalization's statistics are estimated again at the end; 0: the running ones stay. */
  reestimate: z.int().min(0),
  augmentation: augmentationSchema.nullable(),
  /**
   * Of each class, how much the loss of its images counts: a number each, in the order of the classes, or balanced, by
   * which all classes count the same, count / (classes x images of the class). null: every image counts the same.
   */
  classWeights: z
    .union([
      z.literal('balanced'),
      z
        .array(z.number().min(0))
        .refine((weights) => weights.some((weight) => weight > 0), 'expected one above 0'),
    ])
    .nullable()
    .default(null),
  /** Ends the training before its last epoch where the held-out images say that it gets no better. */
  earlyStopping: z
    .strictObject({
      /** The figure of the held-out images that counts. */
      monitor: z.enum(['accuracy', 'loss']),
      /** Epochs without a better one after which it ends. */
      patience: z.int().positive(),
      /** Whether the trained weights are those of the best epoch, as they were scored, or those of the last. */
      restoreBest: z.boolean(),
    })
    .nullable()
    .default(null),
})

export type Recipe = z.infer<typeof recipeSchema>

/** The part of an optimizer that a plan holds; rates and decay change from step to step. */
export function updateRuleOf({ optimizer }: Recipe): UpdateRule {
  const { weightDecay: _, ...rule } = optimizer
  return rule
}

/** What the network sees of a pixel 0 ... 255: scale * pixel + shift. */
export function pixelScaling({ pixels }: Pick<Recipe, 'pixels'>): PixelScaling {
  return { scale: 1 / (255 * pixels.deviation), shift: 0 - pixels.mean / pixels.deviation }
}

/** Images a step of a training on `count`: never more than there are, which would be memory for nothing. */
export const batchOf = ({ batch }: Pick<Recipe, 'batch'>, count: number): number => Math.min(batch, count)

/** How many of `count` training images are held out. */
export function holdOutCount({ holdOut }: Recipe, count: number): number {
  return holdOut < 1 ? Math.round(holdOut * count) : Math.min(holdOut, count)
}
