/** The queue of trainings, with a program of a few lines in place of the command line. */
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { temporaryFolder } from '../../../test/support/folder.js'
import { reportedRun } from '../../../test/support/reported-run.js'
import { finishedRun } from '../../../test/support/run.js'
import { packageReleases } from '../../runs/released-weights.js'
import { Catalog } from '../models/catalog.js'
import { startSchema, type TrainingState } from '../schemas/trainings.js'
import type { Entry } from './store.js'
import { Trainings } from './trainings.js'

afterEach(() => {
  vi.restoreAllMocks()
})

/**
 * Writes the record of a run into its folder, and what it was given beside itself; then it trains until there is a file
 * `go` beside it, or until it is asked to stop.
 */
const PROGRAM = `
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
const [, file, ...given] = process.argv
const folder = given[given.indexOf(given.includes('--resume') ? '--resume' : '--out') + 1]
process.on('SIGTERM', () => {
  console.error('Gute Nacht')
  process.send({ kind: 'stopped' }, () => process.exit(130))
})
mkdirSync(folder, { recursive: true })
writeFileSync(folder + '/run.json', '{}')
appendFileSync(file + '.calls', given.join(' ') + '\\n')
setInterval(() => {
  if (!existsSync(file + '.go')) return
  writeFileSync(folder + '/metrics.json', '{}')
  process.exit(0)
}, 5)
`

/** Trainings whose queue was left by a former server. */
async function open(left: readonly Partial<Entry>[] = [], { started = true } = {}) {
  const folder = await temporaryFolder()
  const runs = join(folder, 'runs')
  const program = join(folder, 'program.mjs')
  await mkdir(join(runs, '.trainings'), { recursive: true })
  await writeFile(program, PROGRAM)
  const queue = join(runs, '.trainings', 'queue.json')
  const entry = { id: 'a', model: 'nn', recipe: 'quick', seed: 1, set: [], limit: null, epochs: 9 }
  const trainings = left.map((one) => ({ ...entry, error: null, pid: null, ...one }))
  await writeFile(queue, JSON.stringify({ format: 1, trainings }))
  const opened = new Trainings({
    catalog: new Catalog({ runs, pretrained: packageReleases }),
    ...{ commandLine: [process.execPath, program], data: undefined, engine: 'auto' },
  })
  onTestFinished(() => opened.close())
  const start = () => opened.open()
  if (started) await start()
  const untilState = (id: string, state: TrainingState) =>
    vi.waitFor(async () => expect((await opened.detail(id)).state).toBe(state), PATIENCE)
  return {
    ...{ trainings: opened, runs, queue, start, untilState },
    /** Lets the program end well. */
    go: () => writeFile(`${program}.go`, ''),
    began: () =>
      vi.waitFor(async () => expect(await readFile(`${program}.calls`, 'utf8')).toContain('\n'), PATIENCE),
    calls: () => readFile(`${program}.calls`, 'utf8').catch(() => ''),
    /** A file in the folder of a run. */
    write: async (id: string, file: string) => {
      await mkdir(join(runs, id), { recursive: true })
      await writeFile(join(runs, id, file), '{}')
    },
  }
}

const PATIENCE = { timeout: 60_000 }
const asked = startSchema.parse({ model: 'nn' })

describe('a change that cannot be remembered', () => {
  /** As where the disk is full, or the folder is no longer writable. */
  async function spoil(queue: string): Promise<void> {
    await rm(queue)
    await mkdir(queue)
  }

  it('is told to who asked for it', async () => {
    const { trainings, queue } = await open([{ state: 'paused' }])
    await spoil(queue)
    await expect(trainings.start(asked)).rejects.toThrow('expected a writable folder')
  })

  it('does not end the server where nobody asked, and is told to those who follow', async () => {
    const logged = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const { trainings, queue, untilState, began, go } = await open()
    const { id } = await trainings.start(asked)
    await began()
    // The number of its process is what is remembered last.
    const pid = async () => JSON.parse(await readFile(queue, 'utf8')).trainings[0].pid
    await vi.waitFor(async () => expect(await pid()).not.toBeNull(), PATIENCE)
    await spoil(queue)
    const sent = vi.spyOn(trainings.feed, 'send')
    await go()
    await untilState(id, 'finished')
    await vi.waitFor(
      () => expect(String(logged.mock.calls.at(-1))).toMatch(/^Trainings: .*writable folder/),
      PATIENCE,
    )
    expect(sent).toHaveBeenLastCalledWith('trainings', {
      trainings: [expect.objectContaining({ id, state: 'finished' })],
    })
    await trainings.close()
  })
})

it('lists trainings whose files are damaged with the others', async () => {
  const { trainings, runs } = await open([{ state: 'finished', id: 'run' }, { state: 'stopped' }])
  await finishedRun(runs, { holdOut: 0 })
  await writeFile(join(runs, 'run', 'history.csv'), 'by,another,program\n1,2,3\n')
  await writeFile(join(runs, 'run', 'metrics.json'), '{"calibration":null}')
  const [stopped, finished] = await trainings.list()
  expect([stopped?.id, finished?.id]).toEqual(['a', 'run'])
  expect(finished).toMatchObject({ epochsDone: 0, testAccuracy: null })
  expect(await trainings.detail('run')).toMatchObject({ history: [] })
})

describe('files that are links to elsewhere', () => {
  const links = { 'run.json': 'run/run.json', 'history.csv': 'run/history.csv', log: '.trainings/run.log' }

  it.each(Object.entries(links))(
    'tell nothing of a training, and it does not go on by them: %s',
    async (name, file) => {
      vi.spyOn(process.stderr, 'write').mockReturnValue(true)
      const { trainings, runs, untilState, calls } = await open([{ state: 'stopped', id: 'run' }])
      await reportedRun(runs)
      await writeFile(join(runs, '.trainings', 'run.log'), 'a secret\n')
      expect(await trainings.detail('run')).toMatchObject({
        log: ['a secret'],
        history: [{ epoch: 1 }, {}, {}],
      })
      const [here, there] = [join(runs, file), join(await temporaryFolder(), 'file')]
      await rename(here, there)
      await symlink(there, here)
      if (name === 'log') return expect(await trainings.detail('run')).toMatchObject({ log: [] })
      expect(await trainings.detail('run')).toMatchObject({ epochsDone: 0, history: [] })
      await trainings.resume('run')
      await untilState('run', 'failed')
      const error = expect.stringMatching(
        new RegExp(`files that lie in its folder, received ${name}, which leads`),
      )
      expect(await trainings.detail('run')).toMatchObject({ error })
      return expect(await calls()).toBe('')
    },
  )
})

describe('a training that is resumed', () => {
  it.each(['paused', 'interrupted', 'stopped', 'failed'] as const)(
    'when it was %s after its score is finished, and the next one begins',
    async (state) => {
      const { trainings, write, untilState, calls, began } = await open([
        { state, error: 'no report' },
        { state: 'queued', id: 'b' },
      ])
      await write('a', 'metrics.json')
      expect(await trainings.resume('a')).toMatchObject({ state: 'finished', error: null })
      await untilState('b', 'running')
      await began()
      expect(await calls()).toMatch(/^train nn .*runs\/b /)
    },
  )

  it('goes on from its checkpoint where it has not come so far', async () => {
    const { trainings, write, began, calls, go, untilState } = await open([{ state: 'stopped' }])
    await write('a', 'run.json')
    await trainings.resume('a')
    await began()
    expect(await calls()).toMatch(/^train --resume .*runs\/a\n$/)
    await go()
    await untilState('a', 'finished')
  })

  it('waits only where there is room', async () => {
    const waiting = Array.from({ length: 20 }, (_, i) => ({ state: 'queued', id: `w${i}` }) as const)
    const { trainings, write } = await open([
      ...[{ state: 'stopped', id: 's' } as const, { state: 'failed', id: 'f' } as const],
      ...[{ state: 'paused', id: 'p' } as const, ...waiting],
    ])
    const refusal = { statusCode: 503, retryAfter: 60 }
    for (const id of ['s', 'f']) await expect(trainings.resume(id)).rejects.toMatchObject(refusal)
    expect(await trainings.detail('s')).toMatchObject({ state: 'stopped' })
    // What has only to be called finished takes no room.
    await write('s', 'metrics.json')
    expect(await trainings.resume('s')).toMatchObject({ state: 'finished' })
    await trainings.stop('w7')
    expect(await trainings.resume('f')).toMatchObject({ state: 'queued' })
  })
})

it('is finished where it was asked to pause after its score', async () => {
  const { trainings, write, began, untilState } = await open()
  const { id } = await trainings.start(asked)
  await began()
  await write(id, 'metrics.json')
  await trainings.pause(id)
  await untilState(id, 'finished')
})

describe('a folder that another run has taken', () => {
  it('is not touched when the turn comes, nor when the training is resumed', async () => {
    const { trainings, start, write, untilState, calls } = await open([{ state: 'queued', ownsRun: false }], {
      started: false,
    })
    for (const file of ['run.json', 'metrics.json']) await write('a', file)
    await start()
    await untilState('a', 'failed')
    const { error } = await trainings.detail('a')
    expect(error).toMatch(/^Training a: expected a folder without a run, received .*begun elsewhere\. Start/)
    await trainings.resume('a')
    await untilState('a', 'failed')
    expect(await calls()).toBe('')
  })

  it('is that of a training which has made no run of its own', async () => {
    const { trainings, runs, began, untilState, write, queue } = await open()
    const { id } = await trainings.start(asked)
    const kept = async () => JSON.parse(await readFile(queue, 'utf8')).trainings[0] as Entry
    expect(await kept()).toMatchObject({ ownsRun: true })
    await began()
    await rm(join(runs, id), { recursive: true, force: true })
    await trainings.stop(id)
    await untilState(id, 'stopped')
    await vi.waitFor(
      async () => expect(await kept()).toMatchObject({ state: 'stopped', ownsRun: false }),
      PATIENCE,
    )
    await write(id, 'run.json')
    await trainings.resume(id)
    await untilState(id, 'failed')
  })
})

describe('a teacher', () => {
  const from = (model: string): string => `teacher=${JSON.stringify({ model, share: 0.9 })}`
  const ask = (...set: string[]) => startSchema.parse({ model: 'nn', set })

  /** Folders beside those of the runs: one with a file like a model's, one that is not there. */
  async function elsewhere(): Promise<readonly [there: string, missing: string]> {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'config.json'), 'a secret')
    return [folder, join(folder, 'missing')]
  }

  it('is one of the models, whatever lies elsewhere', async () => {
    const { trainings, calls } = await open()
    for (const path of [...(await elsewhere()), '..', './runs/run', '', '__proto__']) {
      for (const set of [[from(path)], [from('cnn'), `teacher.model=${JSON.stringify(path)}`]]) {
        const told = `teacher.model: expected the id of one of the models that the server knows, received ${path}. `
        const refusal = { statusCode: 400, message: `${told}See GET /api/models` }
        await expect(trainings.start(ask(...set))).rejects.toMatchObject(refusal)
      }
    }
    expect(await trainings.list()).toEqual([])
    expect(await calls()).toBe('')
  })

  it('that a former server let in is not opened, when its turn comes and when it is resumed', async () => {
    const set = [from((await elsewhere())[0])]
    const { trainings, untilState, calls } = await open([{ state: 'queued', ownsRun: false, set }])
    await untilState('a', 'failed')
    expect(await trainings.detail('a')).toMatchObject({ error: expect.stringMatching(/^teacher\.model: /) })
    await expect(trainings.resume('a')).rejects.toMatchObject({ statusCode: 400 })
    expect(await calls()).toBe('')
  })

  it('is no matter where a run goes on that its owner began', async () => {
    const { trainings, write, calls, began } = await open([{ state: 'stopped', set: [from('/gone')] }])
    await write('a', 'run.json')
    await trainings.resume('a')
    await began()
    expect(await calls()).toMatch(/^train --resume /)
  })

  it("that is a run is handed over as the run's folder, by its id or its folder", async () => {
    const { trainings, runs, began, calls } = await open()
    await finishedRun(runs, { holdOut: 0 })
    await trainings.start(ask(from('run')))
    await began()
    expect(await calls()).toContain(
      ` --set ${from('run')} --set teacher.model=${join(runs, 'run')} --engine `,
    )
    expect(await trainings.start(ask(from(join(runs, 'run'))))).toMatchObject({ state: 'queued' })
  })

  it('that a recipe names itself stays as it is', async () => {
    const { trainings, began, calls } = await open()
    await trainings.start(startSchema.parse({ model: 'resnet50', recipe: 'long' }))
    await began()
    expect(await calls()).toMatch(/^train resnet50 --recipe long --seed 1 --out \S+ --engine auto\n$/)
  })
})
