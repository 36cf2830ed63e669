import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/folder.js'
import { finishedRun } from '../../../test/support/run.js'
import { writeWeights } from '../../runs/weights.js'
import { initializeWeights } from '../../train/initialize.js'
import { Catalog } from './catalog.js'

it('asks runs by the weights of their best epochs where that is wanted and they have such', async () => {
  const folder = await temporaryFolder()
  const places = { pretrained: join(folder, 'pretrained'), runs: join(folder, 'runs') }
  const { run } = await finishedRun(join(places.runs, 'with'), { holdOut: 0.25 })
  await finishedRun(join(places.runs, 'without'), { holdOut: 0 })
  const best = initializeWeights(run.graph, 2)
  await writeWeights(run, 'best', best)
  const weightsBy = async (catalog: Catalog) => {
    const models = await catalog.listModels()
    return Object.fromEntries(models.map(({ id, model }) => [id, model.which]))
  }
  expect(await weightsBy(new Catalog(places))).toEqual({ 'with:run': 'final', 'without:run': 'final' })
  const catalog = new Catalog(places, 'best')
  expect(await weightsBy(catalog)).toEqual({ 'with:run': 'best', 'without:run': 'final' })
  const { model } = await catalog.findModel('with:run')
  expect(await model.readWeights()).toEqual(best)
})
