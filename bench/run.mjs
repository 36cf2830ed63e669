// `npm run bench`: Atelier and its peers on the same models and batches, in turn, in one run.
import '../scripts/lib/node-version.mjs'
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { setUp } from '../scripts/lib/setup.mjs'
import { main, SetupError, say } from '../scripts/lib/shell.mjs'
import { writePart } from '../scripts/lib/written-part.mjs'
import { installPeers } from './lib/install.mjs'
import { PEERS, readOptions, UsageError } from './lib/options.mjs'

/** Where the results stand. */
const RESULTS = {
  page: 'bench/README.md',
  begin: '<!-- results: written by npm run bench -- --write -->',
  end: '<!-- end of results -->',
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options) await bench(options)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  say(error.message)
  process.exit(2)
}

async function bench(options) {
  const began = performance.now()
  const load = loadavg()[0]
  if (load > 0.5)
    say(`Something else is running (load average ${load.toFixed(1)}): the figures will be of little worth.`)
  // An exit by a signal would leave the temporary folder.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))
  const peers = main(() => {
    const native = setUp()
    if (!native.ok)
      throw new SetupError(`The benchmark needs the native engine: ${native.reason}; ${native.hint}.`)
    return installPeers(options.peers)
  })
  // What the set-up has just built.
  const [{ loadAddon }, { prepareMaterial }, { Peak }, { formatReport }, { describeMachine }] =
    await Promise.all([
      import('../dist/engine/native/addon.js'),
      import('./lib/material.mjs'),
      import('./lib/peak.mjs'),
      import('./lib/report.mjs'),
      import('./lib/machine.mjs'),
    ])
  const { contestantsOf, nodeChild, threadEnvironment } = await import('./lib/contestants.mjs')
  const { preparePyTorch } = await import('./lib/pytorch.mjs')
  const env = threadEnvironment(options.threads)
  const material = await prepareMaterial(options.models)
  const pytorch = await preparePyTorch(peers, material, options, env)
  const contestants = contestantsOf(peers, loadAddon().addon)
  const calibrators = { pytorch: pytorch.child, onnxruntime: nodeChild('onnxruntime.mjs', env) }
  const peak = await Peak.create(material.models, options, env)
  const context = { contestants, calibrators, options, material, env, peak, progress }
  const results = await measureAll(context)
  await Promise.all([peak, ...Object.values(calibrators)].map((child) => child?.stop()))
  const versions = [...pytorch.notes, ...results.map(({ version }) => version).filter(Boolean)]
  const skipped = PEERS.flatMap((name) => {
    const reason = peers[name] ? peers[name].skipped : 'not asked for'
    return reason ? [[name, reason]] : []
  })
  const report = {
    machine: describeMachine(options, [...new Set(versions)], load),
    rounds: options.rounds,
    seconds: (performance.now() - began) / 1000,
    tasks: options.tasks,
    models: material.models.map(({ name, batch }) => ({ name, batch })),
    peak: peak.results(),
    results,
    skipped: Object.fromEntries(skipped),
  }
  const text = formatReport(report)
  process.stdout.write(`${text}\n`)
  // A peer may fail; Atelier may not.
  if (results.some(({ id, failed }) => failed && id.startsWith('atelier'))) process.exitCode = 1
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
  if (options.write) writePart(RESULTS, text)
}

async function measureAll(context) {
  const { measureModel, describeTask } = await import('./lib/measure.mjs')
  const { models } = context.material
  const results = []
  // One process does both kinds of inference; training has its own, whose memory is of interest.
  const groups = [['training'], ['one', 'thousand']]
  const wanted = groups.map((group) => group.filter((task) => context.options.tasks.includes(task)))
  for (const model of models) {
    for (const tasks of wanted.filter((group) => group.length > 0)) {
      const measured = await measureModel(context, model, tasks)
      results.push(...measured)
      for (const task of tasks) {
        const rates = measured.filter((result) => result.task === task && result.rate)
        const words = rates.map(({ title, rate }) => `${title} ${Math.round(rate)}`)
        say(`${model.name}, ${describeTask(task, model)}, images a second: ${words.join(', ')}`)
      }
    }
  }
  return results
}

function progress(line) {
  say(`  ${line}`)
}
