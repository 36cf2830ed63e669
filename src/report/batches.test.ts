import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { reportedRun } from '../../test/support/reported-run.js'
import { BatchLoader } from '../data/batches.js'
import { startBatchThread } from '../data/node-batch-thread.js'
import { namedRecipe } from '../recipes/index.js'
import { trainingSubset } from '../train/subsets.js'
import { seenBatches } from './batches.js'

const augmentations = {
  none: null,
  whole: namedRecipe('quick', 'cnn').augmentation,
  interpolated: namedRecipe('published', 'cnn').augmentation,
}

describe('seenBatches', () => {
  it.each(Object.entries(augmentations))('shows what a training is given: %s', async (_, augmentation) => {
    const { run, dataset } = await reportedRun(await temporaryFolder(), { recipe: { augmentation } })
    const { seed, recipe } = run.record
    const { batch, epochs } = recipe
    const { train, height, width, channels } = dataset
    const { images, labels } = train
    const indices = trainingSubset(dataset, run.record).train
    const extents = { height, width, channels }
    const source = { images, labels, indices, ...extents, batch, seed, augmentation, epochs }
    const loader = new BatchLoader({ ...source, limitSteps: null, shuffle: true }, startBatchThread)
    const seen = seenBatches(run, dataset)
    const size = height * width
    for await (const chunk of loader.stream({ epoch: 0, step: 0 })) {
      expect(seen.batch).toEqual([...chunk.labels.subarray(0, batch)])
      const given = [...chunk.images.subarray(0, batch * size)].map(Math.round)
      expect([...seen.tiles.pixels.subarray(0, batch * size)]).toEqual(given)
      break
    }
    await loader.close()
  })

  it('shows images as they are, then epoch after epoch', async () => {
    const augmentation = {
      affine: null,
      translate: 0,
      translateUntil: 1,
      horizontalFlip: 'alternate',
      verticalFlip: 0,
      erase: null,
      paste: null,
    } as const
    const recipe = { augmentation, epochs: 3 }
    const { run, dataset } = await reportedRun(await temporaryFolder(), { recipe })
    const { tiles, batch, rows, epochs } = seenBatches(run, dataset)
    expect(epochs).toEqual([1, 2, 3])
    expect(rows).toHaveLength(6)
    const size = 64
    const tileAt = (i: number): number[] => [
      ...tiles.pixels.subarray((batch.length + i) * size).subarray(0, size),
    ]
    const [original, first, second, third] = [0, 1, 2, 3].map(tileAt)
    const index = trainingSubset(dataset, run.record).train[0] as number
    expect(original).toEqual([...dataset.train.images.subarray(index * size, (index + 1) * size)])
    // Flipped in every other epoch.
    expect(third).toEqual(first)
    expect(second).not.toEqual(first)
    expect([first, second]).toContainEqual(original)
  })
})
