/** The images of the data set. */
import { z } from 'zod'
import { share, splitSchema, wholeText } from './common.js'

export const dataSchema = z.strictObject({
  height: z.int(),
  width: z.int(),
  classes: z.array(z.string()),
  official: z.boolean(),
  /** What finds the suspicious labels where this server looks for them, as a line for a shell. */
  auditCommand: z.string(),
  /** Numbers of images, of each split in all and by class. */
  splits: z.strictObject({
    train: z.strictObject({ count: z.int(), byClass: z.array(z.int()) }),
    test: z.strictObject({ count: z.int(), byClass: z.array(z.int()) }),
  }),
})
export type Data = z.infer<typeof dataSchema>

export const splitParams = z.strictObject({ split: splitSchema })
export const imageParams = z.strictObject({ split: splitSchema, index: wholeText() })

export const imagesQuery = z.strictObject({
  class: wholeText({ max: 255 }).optional(),
  offset: wholeText().default(0),
  limit: wholeText({ min: 1, max: 1000 }).default(100),
})

/** Images of a split, in its order. */
export const imageListSchema = z.strictObject({
  /** How many there are in all. */
  total: z.int(),
  images: z.array(z.strictObject({ index: z.int(), label: z.int() })),
})
export type ImageList = z.infer<typeof imageListSchema>

export const imageSchema = z.strictObject({
  split: splitSchema,
  index: z.int(),
  label: z.int(),
  class: z.string(),
  /** Bytes, row after row: light on black. */
  pixels: z.array(z.int().min(0).max(255)),
})
export type Image = z.infer<typeof imageSchema>

export const sheetQuery = z.strictObject({
  /** Up to 1,000 indices by commas. The sheet has `columns` images a row, in this order. */
  indices: z.string().regex(/^\d{1,9}(,\d{1,9}){0,999}$/, 'expected up to 1,000 indices by commas'),
  columns: wholeText({ min: 1, max: 100 }).default(10),
})

export const meansSchema = z.strictObject({
  /** By label: the mean image, pixels 0 to 255, row after row. */
  means: z.array(z.array(z.number())),
})
export type Means = z.infer<typeof meansSchema>

/** Images whose labels look wrong to models that have not seen them. */
export const suspiciousSchema = z.strictObject({
  images: z.int(),
  /** About so many labels look wrong or doubtful. */
  estimatedErrors: z.number(),
  suspects: z.array(
    z.strictObject({
      index: z.int(),
      label: z.int(),
      suggested: z.int(),
      /** Probabilities of the label and of the suggested class. */
      selfConfidence: share,
      suggestedConfidence: share,
      margin: z.number(),
    }),
  ),
})
export type Suspicious = z.infer<typeof suspiciousSchema>

/** What of audit.json is read; older ones do not say which files they are of. */
export const auditSchema = z.object({
  data: z.object({ checksums: z.record(z.string(), z.string()).optional() }),
  labels: z.record(splitSchema, suspiciousSchema.strip()),
})
