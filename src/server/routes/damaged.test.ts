/** What is listed where files of one run are damaged. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bareApp } from '../../../test/support/app.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { finishedRun } from '../../../test/support/run.js'
import { predictionsIn, runFiles } from '../../runs/run-folder.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import { Catalog } from '../models/catalog.js'
import type { ModelList } from '../schemas/models.js'
import type { RunList } from '../schemas/runs.js'
import type { Services } from '../services.js'
import { modelRoutes } from './models.js'
import { runRoutes } from './runs.js'

/** Two runs, and the ids that are listed of them. */
async function twoRuns() {
  const folder = await temporaryFolder()
  const [, bad] = await Promise.all(
    ['good', 'bad'].map(async (name) => (await finishedRun(join(folder, name), { holdOut: 12 })).run),
  )
  const app = bareApp()
  const catalog = new Catalog({ runs: folder, pretrained: join(folder, 'pretrained') })
  for (const add of [modelRoutes, runRoutes]) add(app, { catalog } as unknown as Services)
  const list = async <T>(url: string) => (await app.inject(url)).json() as T
  return {
    bad: bad as TrainedModel,
    models: async () => (await list<ModelList>('/api/models')).models?.map(({ id }) => id).sort(),
    runs: async () => (await list<RunList>('/api/runs')).runs?.map(({ id }) => id).sort(),
    detail: () => app.inject('/api/runs/bad:run'),
  }
}

test('its held-out logits: the other models', async () => {
  const { bad, models, runs } = await twoRuns()
  expect(await models()).toEqual(['bad:run', 'good:run'])
  await writeFile(predictionsIn(bad, 'validation'), 'damaged')
  expect(await models()).toEqual(['good:run'])
  expect(await runs()).toEqual(['bad:run', 'good:run'])
})

test('its metrics: the other models, and all runs', async () => {
  const { bad, models, runs, detail } = await twoRuns()
  await writeFile(join(bad.directory, runFiles.metrics), '{"test":')
  expect(await models()).toEqual(['good:run'])
  expect(await runs()).toEqual(['bad:run', 'good:run'])
  expect((await detail()).json()).toMatchObject({ finished: true, testAccuracy: null, metrics: null })
})
