import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { atelier } from '../../../test/support/command-line.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { encodeIdx, writeDataset } from '../../../test/support/idx.js'

/** Learnable images of 3 classes, of which some labels are wrong and one test image is a training image. */
async function flawedData(): Promise<string> {
  const data = join(await temporaryFolder(), 'data')
  const shape = { trainCount: 240, testCount: 30, height: 6, width: 6, classes: 3 }
  const { train, test } = await writeDataset(data, shape)
  for (const index of [10, 100, 222]) train.labels[index] = ((train.labels[index] as number) + 1) % 3
  test.images.set(train.images.subarray(36 * 42, 36 * 43), 36 * 5)
  test.labels[5] = train.labels[42] as number
  await writeFile(join(data, 'train-labels-idx1-ubyte'), encodeIdx([240], train.labels))
  await writeFile(join(data, 't10k-images-idx3-ubyte'), encodeIdx([30, 6, 6], test.images))
  await writeFile(join(data, 't10k-labels-idx1-ubyte'), encodeIdx([30], test.labels))
  return data
}

describe('audit', () => {
  test('finds wrong labels and copies; prints, writes a page and JSON', async () => {
    const data = await flawedData()
    const out = join(await temporaryFolder(), 'audit')
    const { code, stdout, stderr } = await atelier('audit', '--data', data, '--out', out, '--threads', '1')
    expect(code).toBe(0)
    expect(stderr).toContain(`Gallery: ${join(out, 'audit.html')}\n`)
    expect(stdout).toContain('1 groups of images with the same bytes\n\n  train 42, test 5')
    const json = await readFile(join(out, 'audit.json'), 'utf8')
    const found = JSON.parse(json)
    const worst = found.labels.train.suspects.slice(0, 3).map(({ index }: { index: number }) => index)
    expect(worst.sort((a: number, b: number) => a - b)).toEqual([10, 100, 222])
    expect(found.labels.train.agreement).toBeGreaterThan(0.95)
    expect(found.classes[1].train.count + found.classes[0].train.count + found.classes[2].train.count).toBe(
      240,
    )
    const page = await readFile(join(out, 'audit.html'), 'utf8')
    expect(page).toContain('training image 222, labelled')
    expect(page).not.toMatch(/(src|href)="(?!data:|#)/)
  })
})
