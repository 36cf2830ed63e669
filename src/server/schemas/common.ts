/** What the bodies of several endpoints have in common. */
import { z } from 'zod'

/** The body of every answer with a status of 400 or more. */
export const errorSchema = z.strictObject({
  /** What was expected, what was received, what to do. */
  error: z.string(),
})
export type ApiError = z.infer<typeof errorSchema>

/** A share in [0, 1]. */
export const share = z.number().min(0).max(1)

export const splitSchema = z.enum(['train', 'test'])
export type Split = z.infer<typeof splitSchema>

/** A line of history.csv. Loss and accuracy are running means over the epoch. */
export const epochSchema = z.strictObject({
  /** Epochs done, from 1; a fraction in the last line of a training that ended within one. */
  epoch: z.number().positive(),
  loss: z.number(),
  accuracy: share,
  /** On held-out images; null where there are none. */
  val_loss: z.number().nullable(),
  val_accuracy: share.nullable(),
  /** Of the epoch's last step. */
  learning_rate: z.number(),
  images_per_second: z.number(),
  seconds: z.number(),
})
export type Epoch = z.infer<typeof epochSchema>

/** A whole number in a path or a query. */
export const wholeText = ({ min = 0, max = 999_999_999 } = {}) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ type: 'integer', minimum: min, maximum: max })
