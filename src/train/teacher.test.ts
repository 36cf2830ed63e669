import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { finishedRun } from '../../test/support/run.js'
import { createReferenceEngine } from '../engine/reference/engine.js'
import { dense, flatten, input, sequential } from '../graph/layers.js'
import { pixelScaling } from '../recipes/recipe.js'
import { openTrained } from '../runs/open-trained.js'
import { trainedRun } from '../runs/trained-model.js'
import { writeWeights } from '../runs/weights.js'
import { checkTeacher } from './check-teacher.js'
import { initializeWeights } from './initialize.js'
import { checkResumable } from './prepare.js'
import { Teacher } from './teacher.js'
import { trainRun } from './train-run.js'

const setting = { engine: createReferenceEngine(), imageDType: 'u8', batch: 20 } as const
const inFolder = async (name: string): Promise<string> => join(await temporaryFolder(), name)

describe('a teacher', () => {
  it('gives softmax(W x + b) of the pixels as it saw them when it learned', async () => {
    const { run, weights, dataset } = await finishedRun(await inFolder('teacher'), { holdOut: 0 })
    const teacher = await Teacher.create(await trainedRun(run), setting)
    const images = dataset.train.images.subarray(0, 5 * 16)
    const targets = await teacher.targets(images, 5)
    teacher.dispose()
    const { scale, shift } = pixelScaling(run.record.recipe)
    const [matrix = new Float32Array(), bias = new Float32Array()] = [...weights.values()]
    for (let image = 0; image < 5; image++) {
      const powers = Array.from(bias, (b, label) => {
        const row = matrix.subarray(16 * label, 16 * (label + 1))
        const x = (i: number) => (images[16 * image + i] as number) * scale + shift
        return Math.exp(row.reduce((sum, w, i) => sum + w * x(i), b))
      })
      const total = powers.reduce((a, b) => a + b)
      powers.forEach((power, label) => {
        expect(targets[3 * image + label]).toBeCloseTo(power / total, 5)
      })
    }
  })

  it('is what a net learns, whatever the labels say', async () => {
    const { run: taught, dataset } = await finishedRun(await inFolder('teacher'), { holdOut: 0 })
    const recipe = { teacher: { model: taught.directory, share: 1 }, epochs: 80, batch: 20 }
    const schedule = { kind: 'constant', learningRate: 0.02, warmup: 0, final: 0, restart: 0 } as const
    const { run } = await finishedRun(await inFolder('student'), {
      holdOut: 0,
      seed: 2,
      recipe: { ...recipe, schedule, average: 0 },
    })
    const answers = async (model: string): Promise<Float32Array> => {
      const teacher = await Teacher.create(await openTrained(model), setting)
      const { images, count } = dataset.train
      return teacher.targets(images, count)
    }
    const apart = async (): Promise<number> => {
      const [theirs, own] = [await answers(taught.directory), await answers(run.directory)]
      return theirs.reduce((most, p, i) => Math.max(most, Math.abs(p - (own[i] as number))), 0)
    }
    expect(await apart()).toBeGreaterThan(0.3)
    await trainRun({ run: await trainedRun(run), dataset, engine: setting.engine })
    expect(await apart()).toBeLessThan(0.1)
  })

  it('classifies the same images', async () => {
    const { run } = await finishedRun(await inFolder('teacher'), { holdOut: 0 })
    const graph = sequential('other', input(6, 6, 1), flatten(), dense(3))
    const recipe = { ...run.record.recipe, teacher: { model: run.directory, share: 1 } }
    await expect(checkTeacher(recipe, 0, graph)).rejects.toThrow(
      /teacher .*: expected .*6.* in 3 classes, received .*4.* in 3 classes/,
    )
  })

  it('held the same images out, where any are', async () => {
    const { run: all } = await finishedRun(await inFolder('all'), { holdOut: 0 })
    const { run: fewer } = await finishedRun(await inFolder('fewer'), { holdOut: 0.25 })
    const learn = async (model: string, holdOut: number) =>
      finishedRun(await inFolder('student'), { holdOut, recipe: { teacher: { model, share: 0.5 } } })
    await expect(learn(all.directory, 0.25)).rejects.toThrow(/held out the same 15 images, received .* 0/)
    await expect(learn(fewer.directory, 0.5)).rejects.toThrow(/held out the same 30 images, received .* 15/)
    const { run } = await learn(fewer.directory, 0.25)
    expect(run.record.recipe.teacher).toEqual({ model: fewer.directory, share: 0.5 })
    await expect(learn('no-such-model', 0)).rejects.toThrow(/no-such-model/)
  })

  it('is the same when a run is resumed', async () => {
    const { run: taught } = await finishedRun(await inFolder('teacher'), { holdOut: 0 })
    const recipe = { teacher: { model: taught.directory, share: 0.5 } }
    const { run, dataset } = await finishedRun(await inFolder('student'), { holdOut: 0, recipe })
    const resumed = () => checkResumable(run, dataset, setting.engine, false)
    await expect(resumed()).resolves.toBeUndefined()
    await writeWeights(taught, 'model', initializeWeights(taught.graph, 9))
    await expect(resumed()).rejects.toThrow(
      /teacher .*: expected the weights it had at the start, received others/,
    )
  })
})
