/** Scores, maps, files and reports: how many of them wait, and for how long their askers do. */
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { bareApp } from '../../../test/support/app.js'
import { temporaryFolder } from '../../../test/support/folder.js'
import { reportedRun } from '../../../test/support/reported-run.js'
import { createReferenceEngine } from '../../engine/reference/engine.js'
import type { Engines } from '../engines.js'
import { limits } from '../http/limits.js'
import { Catalog } from '../models/catalog.js'
import { Scores } from '../models/scores.js'
import { OneByOne } from '../one-by-one.js'
import { Queue } from '../queue.js'
import type { Services } from '../services.js'
import { modelRoutes } from './models.js'
import { runRoutes } from './runs.js'

afterEach(() => {
  vi.useRealTimers()
})

/** Waiting moves time that is not real, too: less than what is waited for. */
const SLOW = { timeout: limits.computeMs / 3 }

/** A run whose computations wait for the engine until the test gives it to them; two have room. */
async function serve() {
  const runs = await temporaryFolder()
  const { dataset } = await reportedRun(runs)
  let give = (): void => undefined
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  let taken = 0
  const scoring = () => {
    taken++
    return given.then(() => createReferenceEngine())
  }
  const engines = { scoring } as unknown as Engines
  const data = { get: async () => dataset } as unknown as Services['data']
  const queue = new Queue(2, 'computations that wait')
  const computations = new OneByOne(queue)
  const app = bareApp()
  const catalog = new Catalog({ runs, pretrained: runs })
  const scores = new Scores(data, engines, computations)
  const services = { catalog, computations, data, engines, scores } as unknown as Services
  for (const add of [modelRoutes, runRoutes]) add(app, services)
  onTestFinished(() => app.close())
  const ask = async (path: string) => {
    const { statusCode, headers } = await app.inject(`/api/${path}`)
    return [statusCode, headers['retry-after']]
  }
  const untilWaiting = (count: number) => vi.waitFor(() => expect(queue.length).toBe(count), SLOW)
  return { ask, give, untilWaiting, taken: () => taken }
}

const MAP = 'models/run/map?limit=20'
const ALL = [
  ...['evaluation', 'images', 'mistakes', 'filters', 'map?limit=30', 'model.onnx', 'activations.onnx'].map(
    (name) => `models/run/${name}`,
  ),
  'runs/run/report',
]

describe('computations', () => {
  it('that find no room are refused, and come to be when they are asked for again', async () => {
    const { ask, give, untilWaiting, taken } = await serve()
    const first = ask(MAP)
    await untilWaiting(1)
    const second = ask('models/run/model.onnx')
    await untilWaiting(2)
    const others = ALL.filter((path) => !/evaluation|images|mistakes|map|model\.onnx/.test(path))
    for (const path of others) expect([path, ...(await ask(path))]).toEqual([path, 503, '1'])
    // What is computed already has no need of room.
    const same = [MAP, 'models/run/images', 'models/run/model.onnx'].map(ask)
    give()
    for (const one of [first, second, ...same]) expect(await one).toEqual([200, undefined])
    // The scores and the map.
    expect(taken()).toBe(2)
    for (const path of ALL) expect([path, ...(await ask(path))]).toEqual([path, 200, undefined])
  })

  it.each(ALL)('%s: are waited for only so long', async (path) => {
    const { ask, give, untilWaiting } = await serve()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const blocking = ask(MAP)
    await untilWaiting(1)
    const asked = ask(path)
    // Each has its time.
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(2), SLOW)
    vi.advanceTimersByTime(limits.computeMs)
    expect([await blocking, await asked]).toEqual([
      [503, '5'],
      [503, '5'],
    ])
    vi.useRealTimers()
    give()
    expect(await ask(path)).toEqual([200, undefined])
  })
})
