import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { readSafetensors } from '../checkpoint/safetensors.js'
import { AtelierError } from '../core/errors.js'
import { writeLogits } from '../runs/logits-file.js'
import { readRecords } from './record.js'

const kept = 'results/nn/tuned/held-out/seed-1'

type Fields = Record<string, unknown>

/** One of the repository's own records, where its damage harms no one. */
async function copied() {
  const root = await temporaryFolder()
  const folder = join(root, kept)
  await mkdir(dirname(folder), { recursive: true })
  await cp(kept, folder, { recursive: true })
  const change = async (file: string, to: (json: Fields) => Fields) =>
    writeFile(join(folder, file), JSON.stringify(to(JSON.parse(await readFile(join(folder, file), 'utf8')))))
  return { root, folder, change }
}

describe('a record', () => {
  it('is read with its figures', async () => {
    const { root, folder } = await copied()
    const [record, ...others] = await readRecords(root)
    expect(others).toEqual([])
    expect(record).toMatchObject({ place: 'nn/tuned/held-out/seed-1', heldOut: true })
    const { training, test } = JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8'))
    expect(record?.metrics.test.correct).toBe(test.correct)
    // That of the last epoch was taken in bf16.
    expect(record?.heldOutAccuracy).toBeCloseTo(training.validationAccuracy, 2)
  })

  it('that claims one more image than its logits bear out is refused', async () => {
    const { root, change } = await copied()
    await change('metrics.json', ({ test, ...rest }) => {
      const { correct, ...others } = test as { correct: number }
      return { ...rest, test: { ...others, correct: correct + 1 } }
    })
    await expect(readRecords(root)).rejects.toThrow(AtelierError)
    await expect(readRecords(root)).rejects.toThrow(/metrics\.json: expected \d+ of 10000 test images right/)
  })

  it('with other labels is refused', async () => {
    const { root, folder } = await copied()
    const file = join(folder, 'predictions-test.safetensors')
    const { tensors } = await readSafetensors(file)
    const labels = tensors.get('labels')?.data as Uint8Array
    labels[0] = ((labels[0] as number) + 1) % 10
    await writeLogits(
      file,
      {
        logits: tensors.get('logits')?.data as Float32Array,
        labels,
        count: labels.length,
      },
      'f16',
    )
    await expect(readRecords(root)).rejects.toThrow(
      /expected those of the official test images, received others/,
    )
  })

  it('of other data is refused, and one under a name that is not its own', async () => {
    const { root, folder, change } = await copied()
    await change('run.json', (run) => ({ ...run, seed: 2 }))
    await expect(readRecords(root)).rejects.toThrow(
      /expected the place nn\/tuned\/held-out\/seed-2 of its run, received nn\/tuned\/held-out\/seed-1/,
    )
    await rename(folder, join(dirname(folder), 'seed-2'))
    expect(await readRecords(root)).toHaveLength(1)
    const file = join(dirname(folder), 'seed-2/run.json')
    const run = JSON.parse(await readFile(file, 'utf8'))
    run.data.checksums['train-images-idx3-ubyte'] = '0'
    await writeFile(file, JSON.stringify(run))
    await expect(readRecords(root)).rejects.toThrow(/train-images-idx3-ubyte: expected the official file/)
  })

  it('without the logits of what it held out is refused', async () => {
    const { root, folder } = await copied()
    await rm(join(folder, 'predictions-validation.safetensors'))
    await expect(readRecords(root)).rejects.toThrow(/expected logits of 5000 held-out images, received 0/)
  })
})
