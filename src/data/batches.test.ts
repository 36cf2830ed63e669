import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { keyOf, Random } from '../core/random.js'
import type { Augmentation } from './augment/augmentation.js'
import { Augmenter } from './augment/augmenter.js'
import { BatchLoader, type BatchOptions, type Chunk, type StreamPosition } from './batches.js'
import { startBatchThread } from './node-batch-thread.js'

const COUNT = 50
const SIZE = 6 * 5
const random = new Random(keyOf(1, 'images'))
const IMAGES = Uint8Array.from({ length: COUNT * SIZE }, () => random.integer(256))
const LABELS = Uint8Array.from({ length: COUNT }, (_, i) => i)
/** Every image but the first three. */
const INDICES = Uint32Array.from({ length: COUNT - 3 }, (_, i) => i + 3)
const AUGMENTATION: Augmentation = {
  affine: { rotation: 8, zoom: [0.9, 1.1], shear: 0.3, shift: 0.08 },
  translate: 1,
  translateUntil: 1,
  horizontalFlip: 'alternate',
  verticalFlip: 0.5,
  erase: null,
  paste: null,
}

const loaders: BatchLoader[] = []

afterEach(() => Promise.all(loaders.splice(0).map((loader) => loader.close())))

function open(options: Partial<BatchOptions> = {}): BatchLoader {
  const loader = new BatchLoader(
    {
      images: IMAGES,
      labels: LABELS,
      indices: INDICES,
      height: 6,
      width: 5,
      channels: 1,
      batch: 8,
      seed: 7,
      augmentation: null,
      epochs: 3,
      ...options,
    },
    startBatchThread,
  )
  loaders.push(loader)
  return loader
}

const TRAINING = { seed: 7, epochs: 3, indices: INDICES }

interface Seen {
  readonly place: string
  readonly label: number
  readonly image: readonly number[]
}

/** The images of a chunk one by one, each with its epoch and step. */
function seenIn({ epoch, firstStep, steps, batch, images, labels }: Chunk): Seen[] {
  expect([images.length, labels.length]).toEqual([steps * batch * SIZE, steps * batch])
  return Array.from(labels, (label, i) => ({
    place: `epoch ${epoch} step ${firstStep + Math.floor(i / batch)}`,
    label,
    image: Array.from(images.subarray(i * SIZE, (i + 1) * SIZE)),
  }))
}

async function collect(
  loader: BatchLoader,
  from: StreamPosition,
  onChunk = (_: Chunk) => {},
): Promise<Seen[]> {
  const seen: Seen[] = []
  for await (const chunk of loader.stream(from)) {
    seen.push(...seenIn(chunk))
    onChunk(chunk)
    chunk.release()
  }
  return seen
}

/** The order and the pixels by definition, without a worker. */
function expectedSeen(augmentation: Augmentation | null): Seen[] {
  return [0, 1, 2].flatMap((epoch) => {
    const order = new Random(keyOf(7, 'shuffle', epoch)).shuffle(INDICES.slice())
    return Array.from(order, (index, i) => {
      const image = augmentation ? new Float32Array(SIZE) : IMAGES.slice(index * SIZE, (index + 1) * SIZE)
      if (augmentation) {
        const augmenter = new Augmenter(augmentation, { height: 6, width: 5, channels: 1 }, TRAINING)
        augmenter.apply(epoch, index, IMAGES, index * SIZE, image, 0)
      }
      return { place: `epoch ${epoch} step ${Math.floor(i / 8)}`, label: index, image: Array.from(image) }
    })
  })
}

describe('the stream', () => {
  test.each([
    { dtype: 'u8', augmentation: null },
    { dtype: 'f32', augmentation: AUGMENTATION },
  ])('gives every epoch in its own permutation, as $dtype', async ({ dtype, augmentation }) => {
    const loader = open({ augmentation })
    expect([loader.stepsPerEpoch, loader.imageDType]).toEqual([6, dtype])
    const seen = await collect(loader, { epoch: 0, step: 0 })
    expect(seen).toEqual(expectedSeen(augmentation))
    const labels = seen.slice(0, INDICES.length).map(({ label }) => label)
    expect(labels.sort((a, b) => a - b)).toEqual(Array.from(INDICES))
  })

  test('begun at any step gives what an uninterrupted one gives, whatever the chunks are', async () => {
    const whole = expectedSeen(AUGMENTATION)
    const steps = [...new Set(whole.map(({ place }) => place))]
    for (const [at, chunkSteps] of [
      [0, 1],
      [4, 2],
      [5, 3],
      [6, 5],
      [11, 4],
      [17, 9],
    ] as const) {
      const loader = open({ augmentation: AUGMENTATION })
      loader.chunkSteps = chunkSteps
      const seen = await collect(loader, { epoch: Math.floor(at / 6), step: at % 6 })
      expect(seen).toEqual(whole.slice(whole.findIndex(({ place }) => place === steps[at])))
    }
  })

  test('begun after the last step of an epoch goes on with the next, and after all with nothing', async () => {
    const loader = open()
    expect((await collect(loader, { epoch: 1, step: 6 }))[0]?.place).toBe('epoch 2 step 0')
    expect(await collect(loader, { epoch: 2, step: 6 })).toEqual([])
    expect(await collect(loader, { epoch: 3, step: 0 })).toEqual([])
  })

  test('never spans epochs, and a smaller last step is a chunk of its own', async () => {
    const loader = open({ epochs: 2 })
    loader.chunkSteps = 3
    const spans: number[][] = []
    await collect(loader, { epoch: 0, step: 0 }, ({ epoch, firstStep, steps, batch }) => {
      spans.push([epoch, firstStep, steps, batch])
    })
    const epoch = [
      [0, 3, 8],
      [3, 2, 8],
      [5, 1, 7],
    ]
    expect(spans).toEqual([...epoch.map((span) => [0, ...span]), ...epoch.map((span) => [1, ...span])])
  })

  test('limited to some steps gives the first of each epoch, whatever the chunks are', async () => {
    for (const limitSteps of [2, 5, 6, 9]) {
      const loader = open({ limitSteps })
      loader.chunkSteps = 4
      expect(loader.stepsPerEpoch).toBe(Math.min(limitSteps, 6))
      const seen = await collect(loader, { epoch: 0, step: 0 })
      const inReach = ({ place }: Seen) => Number(place.split(' ')[3]) < limitSteps
      expect(seen).toEqual(expectedSeen(null).filter(inReach))
    }
  })

  test('limited to some steps in all ends within an epoch, whatever the chunks are', async () => {
    for (const maxSteps of [1, 5, 6, 8, 17, 30]) {
      const loader = open({ maxSteps })
      loader.chunkSteps = 4
      const seen = await collect(loader, { epoch: 0, step: 0 })
      const inReach = ({ place }: Seen) => {
        const [, epoch, , step] = place.split(' ').map(Number)
        return 6 * (epoch as number) + (step as number) < maxSteps
      }
      expect(seen).toEqual(expectedSeen(null).filter(inReach))
    }
  })

  test('not shuffled gives the images as they were listed, in every epoch', async () => {
    const indices = Uint32Array.from([9, 4, 30, 7, 11])
    const seen = await collect(open({ indices, batch: 2, shuffle: false }), { epoch: 0, step: 0 })
    expect(seen.map(({ label }) => label)).toEqual([...indices, ...indices, ...indices])
  })

  test('a batch larger than the split is one smaller step', async () => {
    const loader = open({ batch: 64, epochs: 1 })
    const spans: number[][] = []
    await collect(loader, { epoch: 0, step: 0 }, ({ steps, batch }) => spans.push([steps, batch]))
    expect(spans).toEqual([[1, 47]])
  })

  test('reads images of several channels where nothing is to be augmented', async () => {
    const loader = open({ height: 2, width: 5, channels: 3 })
    expect(await collect(loader, { epoch: 0, step: 0 })).toEqual(expectedSeen(null))
    expect(() => open({ height: 2, channels: 3, augmentation: AUGMENTATION })).toThrow('channels')
  })
})

describe('chunks', () => {
  test('hold as many steps as the consumer last asked for, once those prepared ahead are used up', async () => {
    const loader = open({ batch: 1 })
    loader.chunkSteps = 2
    const sizes: number[] = []
    await collect(loader, { epoch: 0, step: 0 }, ({ steps }) => {
      sizes.push(steps)
      loader.chunkSteps = 10
    })
    expect(sizes.slice(0, 6)).toEqual([2, 2, 2, 10, 10, 10])
  })

  test('are bounded in memory', () => {
    const loader = open({ batch: 8 })
    loader.chunkSteps = Number.POSITIVE_INFINITY
    expect(loader.chunkSteps).toBe(6)
    loader.chunkSteps = 0.2
    expect(loader.chunkSteps).toBe(1)
    const long = open({
      indices: new Uint32Array(100_000),
      batch: 100,
      augmentation: AUGMENTATION,
      height: 28,
    })
    long.chunkSteps = 1e9
    expect(long.chunkSteps).toBe(Math.floor((32 * 2 ** 20) / (4 * 28 * 5 * 100)))
  })

  test('use three buffers in turn and wait for one to be released', async () => {
    const loader = open()
    loader.chunkSteps = 1
    const stream = loader.stream({ epoch: 0, step: 0 })
    const held: Chunk[] = []
    for (let i = 0; i < 3; i++) held.push((await stream.next()).value as Chunk)
    const contents = held.map((chunk) => seenIn(chunk))
    const fourth = stream.next()
    const early = await Promise.race([fourth, new Promise((resolve) => setTimeout(resolve, 50, 'waiting'))])
    expect(early).toBe('waiting')
    expect(held.map((chunk) => seenIn(chunk))).toEqual(contents)
    held[1]?.release()
    held[1]?.release()
    const chunk = (await fourth).value as Chunk
    expect(chunk.images.buffer).toBe(held[1]?.images.buffer)
    expect(seenIn(chunk)[0]?.place).toBe('epoch 0 step 3')
    expect([held[0], held[2]].map((other) => seenIn(other as Chunk))).toEqual([contents[0], contents[2]])
    await stream.return()
  })
})

describe('the end', () => {
  test('leaving a stream early keeps the loader usable', async () => {
    const loader = open()
    loader.chunkSteps = 2
    for await (const chunk of loader.stream({ epoch: 0, step: 0 })) {
      chunk.release()
      if (chunk.firstStep === 2) break
    }
    expect(await collect(loader, { epoch: 0, step: 0 })).toEqual(expectedSeen(null))
  })

  test('one stream at a time', async () => {
    const loader = open()
    const first = loader.stream({ epoch: 0, step: 0 })
    await first.next()
    await expect(loader.stream({ epoch: 0, step: 0 }).next()).rejects.toThrow('one stream at a time')
    await first.return()
  })

  test('an error in the worker rejects the stream', async () => {
    const broken = { ...AUGMENTATION, affine: { rotation: 0 } } as unknown as Augmentation
    const loader = open({ augmentation: broken })
    await expect(collect(loader, { epoch: 0, step: 0 })).rejects.toThrow('undefined')
    await expect(collect(loader, { epoch: 0, step: 0 })).rejects.toThrow('undefined')
  })

  test('closing rejects whoever still waits, and later streams', async () => {
    const loader = open()
    const waiting = collect(loader, { epoch: 0, step: 0 })
    const rejected = expect(waiting).rejects.toThrow('closed')
    await loader.close()
    await rejected
    await expect(collect(loader, { epoch: 0, step: 0 })).rejects.toThrow('closed')
  })

  test('a loader left open does not keep the process alive', async () => {
    const script = `
      const [{ BatchLoader }, { startBatchThread }] = await Promise.all(process.argv.slice(1).map((file) => import(file)))
      const bytes = new Uint8Array(64)
      const loader = new BatchLoader({ images: bytes, labels: bytes, indices: new Uint32Array(64), height: 1,
        width: 1, channels: 1, batch: 1, seed: 1, augmentation: null, epochs: 100 }, startBatchThread)
      loader.chunkSteps = 1
      for await (const chunk of loader.stream({ epoch: 0, step: 0 })) {
        console.log('step', chunk.firstStep)
        chunk.release()
        if (chunk.firstStep === 4) break
      }`
    const built = ['batches', 'node-batch-thread'].map(
      (name) => new URL(`../../dist/data/${name}.js`, import.meta.url).href,
    )
    const args = ['--input-type=module', '-e', script, ...built]
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 55_000 })
    expect(stdout.trim().split('\n').at(-1)).toBe('step 4')
  })
})
