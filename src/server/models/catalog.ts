/**
 * The pretrained models and the runs, by ids that no path is ever made of: an id is looked up among the folders that
 * are there.
 */

import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { checksumOf } from '../../core/files.js'
import { Memo } from '../../core/memo.js'
import { modelNames } from '../../models/names.js'
import { runsFrom } from '../../runs/find-runs.js'
import { openTrained } from '../../runs/open-trained.js'
import { releaseFiles } from '../../runs/released-weights.js'
import { isFinished, openRun, predictionsIn, type RunFolder, runFiles } from '../../runs/run-folder.js'
import type { TrainedModel } from '../../runs/trained-model.js'
import { findRelease, releaseNames } from '../../runs/weights-packages.js'
import type { WhichWeights } from '../../runs/which-weights.js'
import { notFound } from '../http/errors.js'
import { logFailure } from '../log.js'
import { foreignIn } from './own-files.js'

/** Where models and runs lie. */
export interface Places {
  /** Folders of released weights, by their names. */
  readonly pretrained: string
  readonly runs: string
}

export interface ListedRun {
  readonly id: string
  readonly run: RunFolder
}

export interface ListedModel {
  readonly id: string
  readonly model: TrainedModel
  /** Changes when its files do, as this process sees them. */
  readonly version: string
}

/** What a model is made of: weights, configuration or record, figures, held-out logits. */
const filesOf = (directory: string): readonly string[] => [
  ...[releaseFiles.config, runFiles.record, runFiles.model, runFiles.best, runFiles.metrics].map((file) =>
    join(directory, file),
  ),
  join(directory, releaseFiles.heldOut),
  predictionsIn({ directory }, 'validation'),
]

interface Kept<T> {
  readonly version: string
  readonly value: T
}

/** Milliseconds for which a list of models counts as the present one. */
const FRESH = 1000

export class Catalog {
  /** What was read of folders, until their files change. */
  private readonly runs = new Map<string, Kept<RunFolder | null>>()
  private readonly models = new Map<string, Kept<TrainedModel | null>>()
  private readonly contents = new Memo<string>(100)

  private recent: { readonly time: number; readonly models: readonly ListedModel[] } = {
    time: -FRESH,
    models: [],
  }

  constructor(
    readonly places: Places,
    private readonly weights: WhichWeights = 'final',
  ) {}

  /** All runs that can be read, the one started last first. */
  async listRuns(): Promise<readonly ListedRun[]> {
    const directories = await runsFrom(this.places.runs)
    const listed = await Promise.all(
      directories.map(async (directory) => {
        const run = await this.openRun(directory)
        return run === null ? [] : [{ id: this.idOf(directory), run }]
      }),
    )
    return listed.flat()
  }

  async findRun(id: string): Promise<ListedRun> {
    const found = (await this.listRuns()).find((listed) => listed.id === id)
    if (found === undefined) throw notFound('Run', id, 'See GET /api/runs')
    return found
  }

  /** The pretrained models, then the finished runs. */
  async listModels(): Promise<readonly ListedModel[]> {
    const { pretrained } = this.places
    const [names, runs] = await Promise.all([releaseNames(pretrained), this.listRuns()])
    const folders = [
      ...names.sort(byModel).flatMap((id) => {
        const directory = findRelease(id, pretrained)
        return directory === null ? [] : [{ id, directory }]
      }),
      ...runs
        .filter(({ run }) => isFinished(run))
        .map(({ id, run }) => ({ id: names.includes(id) ? `run:${id}` : id, directory: run.directory })),
    ]
    const listed = await Promise.all(
      folders.map(async ({ id, directory }) => {
        const kept = await this.openModel(directory)
        return kept?.value ? [{ id, model: kept.value, version: kept.version }] : []
      }),
    )
    this.recent = { time: performance.now(), models: listed.flat() }
    return this.recent.models
  }

  /** Of a model that is asked for again and again, the folders are read once in a while. */
  async findModel(id: string): Promise<ListedModel> {
    const find = (list: readonly ListedModel[]): ListedModel | undefined =>
      list.find((listed) => listed.id === id)
    const fresh = performance.now() - this.recent.time < FRESH
    const found = (fresh && find(this.recent.models)) || find(await this.listModels())
    if (!found) throw notFound('Model', id, 'See GET /api/models')
    return found
  }

  /**
   * The checksums of a model's files: what a browser keeps goes by these, since times and sizes of files may be the same
   * after a server was installed anew.
   */
  contentOf({ model: { directory }, version }: ListedModel): Promise<string> {
    return this.contents.get(directory, version, async () => {
      const sums = filesOf(directory).map((file) => checksumOf(file).catch(() => 'none'))
      return (await Promise.all(sums)).join(' ')
    })
  }

  /** A run's path below the folder of runs, with `:` between folders, which URLs leave alone. */
  idOf(directory: string): string {
    return relative(this.places.runs, directory).split(sep).join(':')
  }

  private async openRun(directory: string): Promise<RunFolder | null> {
    const foreign = await foreignIn(directory)
    const version = foreign ?? (await versionOf(join(directory, runFiles.record)))
    const kept = this.runs.get(directory)
    if (kept?.version === version) return kept.value
    if (foreign !== null) {
      logFailure(`Run ${this.idOf(directory)}`, `left out, since ${foreign} is no file of its own folder`)
    }
    const value = foreign === null ? await openRun(directory).catch(() => null) : null
    this.runs.set(directory, { version, value })
    return value
  }

  private async openModel(directory: string): Promise<Kept<TrainedModel | null> | null> {
    const version = (await Promise.all(filesOf(directory).map(versionOf))).join(' ')
    const kept = this.models.get(directory)
    if (kept?.version === version) return kept
    const hasBest = existsSync(join(directory, runFiles.best))
    const weights = hasBest ? this.weights : 'final'
    const opened = { version, value: await openTrained(directory, { weights }).catch(() => null) }
    this.models.set(directory, opened)
    return opened
  }
}

/**
 * The last change of a file; of one that is not there, nothing. Copies and archives bring times of other files along, but
 * not that of the change itself.
 */
async function versionOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null)
  return found === null ? '' : `${found.mtimeMs}-${found.ctimeMs}-${found.ino}-${found.size}`
}

/** The study's order, then any other by name. */
const order: readonly string[] = modelNames
const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length)
const byModel = (a: string, b: string): number => place(a) - place(b) || (a < b ? -1 : 1)
