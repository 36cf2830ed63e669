import { copyFile, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { releasedWeights } from '../../test/support/released-weights.js'
import { finishedRun } from '../../test/support/run.js'
import { checksumOf } from '../checkpoint/checksum.js'
import { UsageError } from '../core/errors.js'
import { pixelScaling } from '../recipes/recipe.js'
import { writeLogits } from './logits-file.js'
import { openTrained } from './open-trained.js'
import { openWeightsFile } from './weights-file.js'

/** A finished run at runs/first and released weights of its model, `linear`. */
async function setUp() {
  const folder = await temporaryFolder()
  const places = { pretrained: join(folder, 'pretrained'), runs: join(folder, 'runs') }
  const finished = await finishedRun(join(places.runs, 'first'), { holdOut: 0.25 })
  const released = join(places.pretrained, 'linear')
  await releasedWeights(released, finished.run)
  return { folder, places, released, ...finished }
}

describe('openTrained', () => {
  it('opens released weights by their name and by their folder', async () => {
    const { places, released, run, weights } = await setUp()
    const model = await openTrained('linear', places)
    expect(model).toMatchObject({
      name: 'linear',
      kind: 'pretrained',
      directory: released,
      classes: run.record.data.classes,
      scaling: pixelScaling(run.record.recipe),
      temperature: 1.5,
      graph: run.graph,
    })
    expect(model.record).toEqual(run.record)
    expect(await model.readWeights()).toEqual(weights)
    const heldOut = await model.heldOutLogits()
    expect(heldOut?.logits.slice(0, 5)).toEqual(new Float32Array([0, 0.5, 1, 1.5, 2]))
    expect([heldOut?.count, heldOut?.labels]).toEqual([4, Uint8Array.of(0, 1, 2, 0)])
    expect((await openTrained(released, places)).kind).toBe('pretrained')
  })

  it('refuses released weights and logits that are not those of their configuration', async () => {
    const { places, released } = await setUp()
    const config = JSON.parse(await readFile(join(released, 'config.json'), 'utf8'))
    const files = ['model.safetensors', 'held-out.safetensors']
    const sums = files.map(async (file) => [file, checksumOf(await readFile(join(released, file)))])
    const crc32 = Object.fromEntries(await Promise.all(sums))
    await writeFile(join(released, 'config.json'), JSON.stringify({ ...config, crc32 }))
    const model = await openTrained('linear', places)
    await model.readWeights()
    await model.heldOutLogits()
    // Whole files, but of another training and of other images.
    const others = await finishedRun(join(places.runs, 'others'), { holdOut: 0.25, seed: 2 })
    await copyFile(others.run.weightsFile, join(released, 'model.safetensors'))
    const logits = { logits: new Float32Array(12), labels: new Uint8Array(4), count: 4 }
    await writeLogits(join(released, 'held-out.safetensors'), logits, 'f16')
    const refused = /expected the bytes it was written with, received others/
    await expect(model.readWeights()).rejects.toThrow(refused)
    await expect(model.heldOutLogits()).rejects.toThrow(refused)
    await expect(openWeightsFile(model.weightsFile)).rejects.toThrow(refused)
  })

  it('opens a finished run by its folder alone', async () => {
    const { places, run, weights } = await setUp()
    const model = await openTrained(run.directory, places)
    const { directory, record, graph } = run
    expect(model).toMatchObject({ directory, record, graph, name: 'linear', kind: 'run', temperature: null })
    expect(await model.readWeights()).toEqual(weights)
    // Kept once the held-out images have been scored.
    expect(await model.heldOutLogits()).toBeNull()
    await rm(join(run.directory, 'model.safetensors'))
    await expect(openTrained(run.directory, places)).rejects.toThrow(/expected a finished run, received one/)
  })

  it('says which run may have been meant', async () => {
    const { places, run } = await setUp()
    const { run: newer } = await finishedRun(join(places.runs, 'newer'), { holdOut: 0 })
    await utimes(join(run.directory, 'run.json'), 100, 100)
    await rm(places.pretrained, { recursive: true })
    const failure = await openTrained('linear', places).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UsageError)
    expect((failure as UsageError).message).toBe(
      'Trained model linear: expected the name of pretrained weights or the folder of a run, ' +
        `received neither weights nor a folder of that name. Did you mean ${newer.directory}?`,
    )
    await expect(openTrained('first', places)).rejects.toThrow(`Did you mean ${join(places.runs, 'first')}?`)
    await expect(openTrained('cnn', { ...places, runs: 'none' })).rejects.toThrow(/atelier train nn$/)
  })

  it('says which released weights may have been meant, whatever has been trained', async () => {
    const { places, run } = await setUp()
    await expect(openTrained('lineer', places)).rejects.toThrow(/Did you mean linear\?$/)
    await expect(openTrained('else', places)).rejects.toThrow(`Did you mean ${run.directory}?`)
  })

  it('names the damaged file of released weights', async () => {
    const { places, released } = await setUp()
    const file = join(released, 'config.json')
    const config = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...config, classes: ['one'] }))
    await expect(openTrained('linear', places)).rejects.toThrow(
      `${file}: expected 3 classes, one for each logit, received 1`,
    )
    await writeFile(file, JSON.stringify({ ...config, format: 2 }))
    await expect(openTrained('linear', places)).rejects.toThrow(/config\.json: expected the configuration/)
    await writeFile(file, JSON.stringify(config))
    await writeFile(join(released, 'metrics.json'), '{"calibration":{"temperature":-1}}')
    await expect(openTrained('linear', places)).rejects.toThrow(/metrics\.json: expected the metrics/)
  })
})
