/**
 * From two short trainings on the real data to records, RESULTS.md and released weights: what is released scores
 * what its metrics say, and what it scored as it was trained.
 */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { readSafetensors } from '../../src/checkpoint/safetensors.js'
import { temporaryFolder } from '../support/folder.js'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Its exit code and what it printed. */
async function atelier(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const ended = promisify(execFile)(process.execPath, [main, ...args], { cwd: root })
  return ended.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}
async function answerOf(...args: string[]) {
  const { code, stdout, stderr } = await atelier(...args, '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}
const metricsIn = async (folder: string) => JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8'))

it('runs become records, a page and released weights', { timeout: 360_000 }, async () => {
  const folder = await temporaryFolder()
  const [run, heldOut] = [join(folder, 'run'), join(folder, 'held-out')]
  const short = ['--epochs', '1', '--seed', '7']
  await answerOf('train', 'dnn', ...short, '--out', run)
  await answerOf('train', 'dnn', ...short, '--set', 'holdOut=5000', '--out', heldOut)

  const { records, pages } = await answerOf('results', run, heldOut, '--out', folder)
  const places = ['dnn/quick/seed-7', 'dnn/quick/held-out/seed-7'].map((place) =>
    join(folder, 'results', place),
  )
  expect([records, pages]).toEqual([places, [join(folder, 'RESULTS.md')]])
  const common = ['history.csv', 'metrics.json', 'predictions-test.safetensors']
  expect((await readdir(places[0] as string)).sort()).toEqual([...common, 'run.json'])
  const record = await readFile(join(places[0] as string, 'run.json'), 'utf8')
  expect(record).toContain('"command": "atelier train dnn --epochs 1 --seed 7 --json"')
  expect(record).not.toContain(folder)
  const { test } = await metricsIn(run)
  const percent = (accuracy: number): string => `${(100 * accuracy).toFixed(2)} %`
  const page = await readFile(join(folder, 'RESULTS.md'), 'utf8')
  expect(page).toContain(`/seed-7/) | 60,000 | ${percent(test.accuracy)} |`)
  expect(page).toContain('cut short: 1 of its 8 epochs')

  const longer = join(folder, 'longer')
  await answerOf('train', 'dnn', '--epochs', '2', '--seed', '8', '--out', longer)
  expect(await atelier('results', longer, '--out', folder)).toMatchObject({
    code: 1,
    stderr:
      'results/dnn/quick/seed-8/run.json: expected the values of the recipe that dnn/quick/seed-7 has, received others. ' +
      'Give other values a name of their own: --recipe NAME.json\n',
  })
  expect(await readdir(join(folder, 'results', 'dnn', 'quick'))).not.toContain('seed-8')

  const out = join(folder, 'pretrained')
  const released = await answerOf('release', run, '--held-out', heldOut, '--out', out)
  const releaseFolder = join(out, 'dnn')
  const evaluated = await answerOf('evaluate', releaseFolder)
  const metrics = await metricsIn(releaseFolder)
  expect(evaluated.accuracy).toBe(metrics.test.accuracy)
  expect(evaluated.accuracy).toBe(released.accuracy)
  expect(Math.abs(evaluated.accuracy - test.accuracy)).toBeLessThanOrEqual(0.0005)
  expect(evaluated.temperatureScaling.temperature).toBe(released.temperature)
  // Fitted on a run of its own images, f16 changes the temperature's last digits alone.
  expect(released.temperature).toBeCloseTo((await metricsIn(heldOut)).calibration.temperature, 2)
  const { tensors } = await readSafetensors(join(releaseFolder, 'model.safetensors'))
  expect([tensors.get('dense_1.weight'), tensors.get('batch_normalization_1.variance')]).toMatchObject([
    { dtype: 'F16', shape: [256, 784] },
    { dtype: 'F32' },
  ])
  expect(await readFile(join(releaseFolder, 'README.md'), 'utf8')).toContain(
    `| Accuracy | ${percent(test.accuracy).slice(0, 4)}`,
  )
  expect(await atelier('release', run, '--held-out', run, '--out', out)).toMatchObject({
    code: 1,
    stderr: `--held-out ${run}: expected a run that held images out, received one that held out none\n`,
  })
  await answerOf('results', '--out', folder)
  expect(await readFile(join(folder, 'RESULTS.md'), 'utf8')).toContain(
    `in f16 | ${percent(evaluated.accuracy)} |`,
  )
})
