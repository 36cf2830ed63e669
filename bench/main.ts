/** Atelier and its peers on the same models and batches, in turn, in one run. */
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { loadAddon } from '#atelier/engine/native/addon.js'
import { say } from '../scripts/lib/shell.mjs'
import { type Part, writePart } from '../scripts/lib/written-part.js'
import { Calibrators } from './lib/calibrators.js'
import { contestantsOf } from './lib/contestants.js'
import { describePyTorches, exportModels } from './lib/export-models.js'
import { installPeers, type Peers, takesExports } from './lib/install.js'
import { describeMachine } from './lib/machine.js'
import { prepareMaterial } from './lib/material.js'
import { type Context, describeTask, measureModel } from './lib/measure.js'
import { type Options, peerNames, readOptions, UsageError } from './lib/options.js'
import { Peak } from './lib/peak.js'
import { formatReport } from './lib/report.js'
import type { Result, Task } from './lib/types.js'

/** Where the results on processors of a kind stand. */
const resultsOn = (isa: string): Part => ({
  page: 'bench/README.md',
  begin: `<!-- results on ${isa}: written by npm run bench -- --write -->`,
  end: `<!-- end of results on ${isa} -->`,
})

process.exitCode = await run()

async function run(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2))
    return options ? await bench(options) : 0
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    say(error.message)
    return 2
  }
}

async function bench(options: Options): Promise<number> {
  const began = performance.now()
  const [load = 0] = loadavg()
  if (load > 0.5)
    say(`Something else is running (load average ${load.toFixed(1)}): the figures will be of little worth.`)
  // An exit by a signal would leave the temporary folder.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))
  const native = loadAddon()
  if (!native.addon) {
    say(`The benchmark needs the native engine: ${native.reason}. To change that: ${native.hint}.`)
    return 1
  }
  const { bf16, isa } = native.addon
  const material = await prepareMaterial(options.models)
  const peers = await exporting(installPeers(options.peers, options.pythons), material)
  const contestants = contestantsOf(peers, bf16, options.threads)
  const calibrators = new Calibrators()
  const [peak, wasmPeak] = [await Peak.create(material.models, options.threads), await Peak.ofWasm()]
  const peaks = [peak, wasmPeak]
  const progress = (line: string) => say(`  ${line}`)
  const results = await measureAll({ contestants, calibrators, options, material, bf16, peaks, progress })
  await Promise.all([...peaks, calibrators].map((one) => one.stop()))
  const versions = results.flatMap(({ kind, version }) => (version && kind !== 'pytorch' ? [version] : []))
  const notes = [...(await describePyTorches(peers.pytorches)), ...new Set(versions)]
  const skipped = peerNames.flatMap((name) => {
    const reason = options.peers.includes(name) ? peers.skipped.get(name) : 'not asked for'
    return reason === undefined ? [] : [[name, reason] as const]
  })
  const report = {
    machine: describeMachine(options, isa, notes, load),
    rounds: options.rounds,
    seconds: (performance.now() - began) / 1000,
    tasks: options.tasks,
    models: material.models.map(({ name, batch }) => ({ name, batch })),
    peak: peak.results(),
    wasmPeak: wasmPeak.results().f32,
    results,
    skipped: Object.fromEntries(skipped),
  }
  const text = formatReport(report)
  process.stdout.write(`${text}\n`)
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
  if (options.write) writePart(resultsOn(isa), text)
  // A peer may fail; Atelier may not.
  return results.some(({ kind, failed }) => failed && kind === 'atelier') ? 1 : 0
}

/** The peers, without those that run exported models where these cannot be had. */
async function exporting(peers: Peers, material: Context['material']): Promise<Peers> {
  const without = [...peers.available].filter(takesExports)
  if (without.length === 0) return peers
  const reason = await exportModels(peers.pytorches, material)
  if (reason === null) return peers
  const available = new Set([...peers.available].filter((name) => !takesExports(name)))
  const skipped = new Map([...peers.skipped, ...without.map((name) => [name, reason] as const)])
  return { ...peers, available, skipped }
}

async function measureAll(context: Context): Promise<Result[]> {
  const results: Result[] = []
  // One process does both kinds of inference; training has its own, whose memory is of interest.
  const groups: Task[][] = [['training'], ['one', 'thousand']]
  const wanted = groups.map((group) => group.filter((task) => context.options.tasks.includes(task)))
  for (const model of context.material.models) {
    for (const tasks of wanted.filter((group) => group.length > 0)) {
      const measured = await measureModel(context, model, tasks)
      results.push(...measured)
      for (const task of tasks) {
        const rates = measured.flatMap((result) =>
          result.task === task && result.measured
            ? [`${result.title} ${Math.round(result.measured.rate)}`]
            : [],
        )
        say(`${model.name}, ${describeTask(task, model)}, images a second: ${rates.join(', ')}`)
      }
    }
  }
  return results
}
