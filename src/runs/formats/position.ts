/** Where a training stands, as its checkpoint says. */
import { z } from 'zod'

const positionSchema = z.object({
  /** The epoch under way, from 0, and its steps that are done. */
  epoch: z.int().nonnegative(),
  step: z.int().nonnegative(),
  /** Sums over those steps. */
  loss: z.number(),
  correct: z.int().nonnegative(),
  images: z.int().nonnegative(),
  /** Seconds of training in this epoch and in all. */
  epochSeconds: z.number(),
  totalSeconds: z.number(),
})
/** Where a training stands; with the seed it determines all that follows. */
export type Position = z.infer<typeof positionSchema>

export const startPosition: Position = {
  epoch: 0,
  step: 0,
  loss: 0,
  correct: 0,
  images: 0,
  epochSeconds: 0,
  totalSeconds: 0,
}

/** Reads the text of a checkpoint's metadata; null where it is not a position. */
export function parsePosition(text: string | undefined): Position | null {
  try {
    return positionSchema.safeParse(JSON.parse(text ?? '')).data ?? null
  } catch {
    return null
  }
}
