/** `atelier plan`: the steps that an engine runs for a model, after fusion, with their memory. */
import { Command } from 'commander'
import { profiledEngineNames } from '../../engine/names.js'
import type { Graph } from '../../graph/graph.js'
import type { Plan } from '../../plan/plan.js'
import {
  choice,
  engineOption,
  examples,
  jsonOption,
  modelArgument,
  option,
  precisionOption,
  threadsOption,
  wholeNumber,
} from '../options.js'

const modes = ['training', 'inference'] as const

interface PlanFlags {
  readonly mode: (typeof modes)[number]
  readonly batch: number
  readonly precision: 'f32' | 'bf16'
  readonly profile?: boolean
  readonly engine: (typeof profiledEngineNames)[number]
  readonly threads?: number
  readonly json?: boolean
}

export function planCommand(): Command {
  return new Command('plan')
    .description('show the steps that an engine runs for a model, and the memory they take')
    .argument('<model>', modelArgument)
    .addOption(option('--mode <mode>', 'training or inference', choice('--mode', modes), 'training'))
    .addOption(option('--batch <n>', 'images a step', wholeNumber('--batch'), 32))
    .addOption(precisionOption(['f32', 'bf16'], 'f32'))
    .option('--profile', "run it and show each step's time, GFLOP/s and share")
    .addOption(engineOption(profiledEngineNames))
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'atelier plan nn',
        'atelier plan cnn --mode inference --batch 1',
        'atelier plan cnn --batch 128 --precision bf16 --profile',
        'atelier plan cnn --batch 128 --profile --engine wasm',
      ),
    )
    .action(runPlan)
}

async function runPlan(model: string, flags: PlanFlags): Promise<void> {
  const [{ loadModel }, { formatPlan }] = await Promise.all([
    import('../../models/load.js'),
    import('../../plan/print.js'),
  ])
  const { graph } = await loadModel(model)
  const plan = await buildPlan(graph, flags)
  if (flags.profile) await printProfile(graph, plan, flags)
  else process.stdout.write(flags.json ? `${JSON.stringify(plan)}\n` : formatPlan(plan))
}

async function buildPlan(graph: Graph, { mode, batch, precision }: PlanFlags): Promise<Plan> {
  const [{ buildInferencePlan, buildTrainingPlan }, { foldNormalizations }] = await Promise.all([
    import('../../plan/build.js'),
    import('../../plan/fold.js'),
  ])
  const common = { batch, precision, scaling: { scale: 1 / 255, shift: 0 }, imageDType: 'u8' } as const
  if (mode === 'inference') return buildInferencePlan(foldNormalizations(graph).graph, common)
  // The study's optimizer.
  const update = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const
  return buildTrainingPlan(graph, { ...common, update, smoothing: 0, average: false })
}

/** Times the plan on random images with the first weights, and prints where the time went. */
async function printProfile(graph: Graph, plan: Plan, flags: PlanFlags): Promise<void> {
  const [{ measurePlan }, { formatProfile }] = await Promise.all([
    import('../../train/measure-plan.js'),
    import('../../plan/profile.js'),
  ])
  const profile = await measurePlan(graph, plan, flags)
  process.stdout.write(flags.json ? `${JSON.stringify(profile, null, 2)}\n` : formatProfile(plan, profile))
}
