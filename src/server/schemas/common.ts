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

/** A whole number in a path or a query. */
export const wholeText = ({ min = 0, max = 999_999_999 } = {}) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ type: 'integer', minimum: min, maximum: max })
