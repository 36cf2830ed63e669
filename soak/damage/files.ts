/** Every file of a run and of released weights, and what reads it. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { shapesOf } from '#atelier/runs/formats/weights.js'
import { readHistory } from '#atelier/runs/history.js'
import { readLogits } from '#atelier/runs/logits-file.js'
import { openTrained } from '#atelier/runs/open-trained.js'
import { readReleasedMetrics, readRunMetrics } from '#atelier/runs/read-metrics.js'
import { packageReleases } from '#atelier/runs/released-weights.js'
import { openRun } from '#atelier/runs/run-folder.js'
import { loadCheckpoint } from '#atelier/runs/training-state.js'
import { filesIn, smallRun } from '../fuzz/runs.js'

export interface DamagedFile {
  readonly directory: string
  readonly name: string
  readonly bytes: Buffer
  /** Whether a checksum tells any damage. Others are text, which a person may have edited. */
  readonly checked: boolean
  readonly read: () => Promise<unknown>
}

type Reading = (directory: string, file: string) => Promise<unknown>

const ofRun: Readonly<Record<string, Reading>> = {
  'run.json': (directory) => openRun(directory),
  'metrics.json': (directory) => readRunMetrics({ directory }),
  'history.csv': async (directory) => readHistory(await openRun(directory)),
  'last.safetensors': async (directory) => {
    const run = await openRun(directory)
    return loadCheckpoint(run, shapesOf(run.graph))
  },
  'best.safetensors': async (directory) => (await openTrained(directory, { weights: 'best' })).readWeights(),
  'model.safetensors': async (directory) => (await openTrained(directory)).readWeights(),
  'predictions-test.safetensors': (_, file) => readLogits(file, 3),
  'predictions-validation.safetensors': (_, file) => readLogits(file, 3),
}

const ofRelease: Readonly<Record<string, Reading>> = {
  'config.json': (directory) => openTrained(directory),
  'metrics.json': (directory) => readReleasedMetrics({ directory }),
  'model.safetensors': async (directory) => (await openTrained(directory)).readWeights(),
  'held-out.safetensors': async (directory) => (await openTrained(directory)).heldOutLogits(),
}

/** Those of a run of milliseconds, and of the released weights of `nn`, in a folder. */
export async function damagedFiles(folder: string): Promise<readonly DamagedFile[]> {
  const release = join(folder, 'release')
  cpSync(join(packageReleases, 'nn'), release, { recursive: true })
  const run = await smallRun(folder)
  return [...filesOf(run, filesIn(run), ofRun), ...filesOf(release, filesIn(release), ofRelease)]
}

function filesOf(
  directory: string,
  contents: Readonly<Record<string, Buffer>>,
  readings: Readonly<Record<string, Reading>>,
): DamagedFile[] {
  return Object.entries(readings).map(([name, read]) => ({
    directory,
    name,
    bytes: contents[name] as Buffer,
    checked: name.endsWith('.safetensors'),
    read: () => read(directory, join(directory, name)),
  }))
}
