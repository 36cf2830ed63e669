/** Each file of a run damaged, one at a time and in pairs: whatever reads it works, or says in a line what is wrong. */
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AtelierError } from '../src/core/errors.js'
import { type Dataset, loadDataset } from '../src/data/dataset.js'
import { evaluateRun } from '../src/evaluate/evaluate.js'
import { predictionsOf } from '../src/evaluate/predictions.js'
import { scoreRun } from '../src/evaluate/score.js'
import { gatherContent } from '../src/report/content.js'
import { renderReport } from '../src/report/report.js'
import { readWholeHistory } from '../src/runs/history.js'
import { openTrained } from '../src/runs/open-trained.js'
import { readRunMetrics } from '../src/runs/read-metrics.js'
import { isScored, openRun } from '../src/runs/run-folder.js'
import { Catalog } from '../src/server/models/catalog.js'
import { modelRoutes } from '../src/server/routes/models.js'
import { runRoutes } from '../src/server/routes/runs.js'
import type { Services } from '../src/server/services.js'
import { checkResumable } from '../src/train/prepare.js'
import { trainRun } from '../src/train/train-run.js'
import { bareApp } from './support/app.js'
import { writeDataset } from './support/idx.js'
import { engine, prepare, recipe } from './support/small-training.js'

const files = [
  'run.json',
  'history.csv',
  'metrics.json',
  'last.safetensors',
  'best.safetensors',
  'model.safetensors',
  'predictions-test.safetensors',
  'predictions-validation.safetensors',
] as const

let folder: string
let whole: string
let other: string
let dataset: Dataset

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-test-'))
  const data = join(folder, 'data')
  await writeDataset(data, { trainCount: 60, testCount: 20, height: 5, width: 5, classes: 3 })
  dataset = await loadDataset({ data })
  const trained = async (name: string, seed: number): Promise<string> => {
    const held = { ...recipe, epochs: 2, holdOut: 0.2 }
    const run = await prepare(join(folder, name), dataset, { recipe: held, seed })
    await scoreRun(run, dataset, engine, await trainRun({ run, dataset, engine }))
    return run.directory
  }
  ;[whole, other] = [await trained('whole', 1), await trained('other', 2)]
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const damages: Readonly<Record<string, (path: string, file: string) => Promise<void>>> = {
  deleted: (path) => rm(path),
  empty: (path) => truncate(path),
  truncated: async (path) => truncate(path, Math.floor((await readFile(path)).length / 2)),
  "another run's": (path, file) => cp(join(other, file), path),
  'with CRLF': async (path) => {
    const text = await readFile(path, 'latin1')
    await writeFile(path, text.replaceAll('\n', '\r\n'), 'latin1')
  },
  'with a byte order mark': async (path) =>
    writeFile(path, Buffer.concat([Buffer.from('\uFEFF'), await readFile(path)])),
}
type Damage = readonly [file: string, damage: string]

const readers: Readonly<Record<string, (directory: string) => Promise<unknown>>> = {
  resume: async (directory) => {
    // As one that was killed before it was scored.
    await rm(join(directory, 'metrics.json'), { force: true })
    const run = await openRun(directory)
    expect(isScored(run)).toBe(false)
    await checkResumable(run, dataset, engine, false)
    await scoreRun(run, dataset, engine, await trainRun({ run, dataset, engine }))
  },
  evaluate: async (directory) => {
    const run = await openTrained(directory)
    await predictionsOf(run, 'validation', { dataset, engine })
    return evaluateRun({
      run,
      dataset,
      engine,
      split: 'test',
      precision: 'f32',
      temperature: run.calibration,
    })
  },
  'evaluate --weights best': async (directory) => {
    const run = await openTrained(directory, { weights: 'best' })
    return predictionsOf(run, 'test', { dataset, engine })
  },
  report: async (directory) =>
    renderReport(await gatherContent(await openTrained(directory), dataset, engine)),
  results: async (directory) => {
    const run = await openTrained(directory)
    return [await readRunMetrics(run), await readWholeHistory(run)]
  },
  serve: async (directory) => {
    const app = bareApp()
    const catalog = new Catalog({ runs: join(directory, '..'), pretrained: join(directory, 'none') })
    for (const add of [modelRoutes, runRoutes]) add(app, { catalog } as unknown as Services)
    for (const url of ['/api/models', '/api/runs', '/api/models/run', '/api/runs/run']) {
      const { statusCode, body } = await app.inject(url)
      if (statusCode === 500) throw new Error(`${url}: ${body}`)
    }
  },
}

/** What each reader makes of a damaged copy: true, or the line that it says. */
async function outcomes(damage: readonly Damage[], which: readonly string[]) {
  const found: Record<string, string | true> = {}
  for (const name of which) {
    const place = await mkdtemp(join(folder, 'case-'))
    const directory = join(place, 'run')
    await cp(whole, directory, { recursive: true })
    for (const [file, how] of damage) await damages[how]?.(join(directory, file), file)
    found[name] = await (readers[name] as (directory: string) => Promise<unknown>)(directory).then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof AtelierError)) throw error
        return error.message
      },
    )
    // What was under way is cleaned up, too.
    expect((await readdir(directory).catch(() => [])).filter((left) => /part$|^lock/.test(left))).toEqual([])
    await rm(place, { recursive: true })
  }
  return found
}

const names = Object.keys(readers)

describe('a run', () => {
  it('that is whole is read by all', async () => {
    const found = await outcomes([], names)
    expect(Object.values(found)).toEqual(names.map(() => true))
  })

  const single = files.flatMap((file) => Object.keys(damages).map((damage): Damage => [file, damage]))
  it.each(single)('whose %s is %s', async (file, damage) => {
    const found = await outcomes([[file, damage]], names)
    for (const line of Object.values(found)) expect(line).not.toBe('')
    const isText = /json$|csv$/.test(file)
    // Editors and spreadsheets add both, and neither changes what the file says.
    if (isText && /CRLF|mark/.test(damage)) expect(Object.values(found)).toEqual(names.map(() => true))
    // Logits can be computed again.
    if (file.startsWith('predictions')) expect(found.evaluate).toBe(true)
  })

  const pairs = files.flatMap((first, i) =>
    files.slice(i + 1).map((second, j): readonly [Damage, Damage] => {
      const kinds = Object.keys(damages)
      const kind = (place: number): string => kinds[place % kinds.length] as string
      return [
        [first, kind(i + j)],
        [second, kind(i + 2 * j + 1)],
      ]
    }),
  )
  it.each(pairs)('whose files %j and %j are damaged', async (first, second) => {
    await outcomes([first, second], ['resume', 'evaluate', 'serve'])
  })

  it('that lost its history before it was scored is scored, and has its history again', async () => {
    const directory = join(await mkdtemp(join(folder, 'case-')), 'run')
    await cp(whole, directory, { recursive: true })
    const figures = await readFile(join(directory, 'metrics.json'), 'utf8')
    for (const file of ['history.csv', 'metrics.json']) await rm(join(directory, file))
    await readers.resume?.(directory)
    expect(await readFile(join(directory, 'metrics.json'), 'utf8')).toBe(figures)
    expect(await readFile(join(directory, 'history.csv'), 'utf8')).toBe(
      await readFile(join(whole, 'history.csv'), 'utf8'),
    )
  })

  it('does not go on from the checkpoint of another', async () => {
    const directory = join(await mkdtemp(join(folder, 'case-')), 'run')
    await cp(whole, directory, { recursive: true })
    await cp(join(other, 'last.safetensors'), join(directory, 'last.safetensors'))
    await rm(join(directory, 'metrics.json'))
    await expect(readers.resume?.(directory)).rejects.toThrow(
      /last\.safetensors, metadata: expected the checkpoint of .* seed 1, .*, received that of .* seed 2, .*\. Take the file away/,
    )
    expect(existsSync(join(directory, 'metrics.json'))).toBe(false)
  })
})
