/** The programs of one training: they share weights, so each sees what the others did. */

import type { Classifier, Engine, Program, Values } from '../engine/engine.js'
import { type Graph, weightsOf } from '../graph/graph.js'
import { withDropout } from '../graph/with-dropout.js'
import { buildStatisticsPlan, buildTrainingPlan } from '../plan/build.js'
import { averageName } from '../plan/lowering.js'
import type { Plan } from '../plan/plan.js'
import { pixelScaling, type Recipe, updateRuleOf } from '../recipes/recipe.js'
import type { TrainingHost } from './host.js'
import { initializeWeights } from './initialize.js'
import { estimateStatistics } from './normalization-statistics.js'
import { Teacher } from './teacher.js'

export interface ProgramOptions {
  readonly host: Pick<TrainingHost, 'openTeacher'>
  readonly engine: Engine
  readonly graph: Graph
  readonly recipe: Recipe
  readonly precision: 'f32' | 'bf16'
  readonly imageDType: 'u8' | 'f32'
  /** How much images of each class count; null: all the same. */
  readonly classWeights?: Float32Array | null
}

export class TrainingPrograms {
  /** Programs by images a step: the whole batch, and an epoch's smaller last one when it comes. */
  private readonly byBatch = new Map<number, Program>()

  private constructor(
    private readonly options: ProgramOptions,
    private readonly main: Program,
    /** Gives what training programs want as `targets`; null where they want none. */
    readonly teacher: Teacher | null,
  ) {
    this.byBatch.set(options.recipe.batch, main)
  }

  static async create(options: ProgramOptions): Promise<TrainingPrograms> {
    const { recipe, host } = options
    const model = recipe.teacher && (await host.openTeacher(recipe.teacher.model))
    const teacher = model && (await Teacher.create(model, { ...options, batch: recipe.batch }))
    return new TrainingPrograms(options, await TrainingPrograms.compile(options, recipe.batch), teacher)
  }

  /** Of a whole batch. */
  get plan(): Plan {
    return this.main.plan
  }

  private static compile(options: ProgramOptions, batch: number, shareWith?: Program): Promise<Program> {
    const { engine, graph, recipe, precision, imageDType } = options
    const trained = recipe.dropout === null ? graph : withDropout(graph, recipe.dropout)
    const plan = buildTrainingPlan(trained, {
      batch,
      precision,
      imageDType,
      scaling: pixelScaling(recipe),
      update: updateRuleOf(recipe),
      smoothing: recipe.smoothing,
      taught: recipe.teacher?.share ?? 0,
      weighted: Boolean(options.classWeights),
      average: recipe.average > 0,
    })
    return engine.compile(plan, shareWith)
  }

  /** The training program for so many images a step. */
  async forBatch(batch: number): Promise<Program> {
    const program =
      this.byBatch.get(batch) ?? (await TrainingPrograms.compile(this.options, batch, this.main))
    this.byBatch.set(batch, program)
    return program
  }

  get classWeights(): Float32Array | null {
    return this.options.classWeights ?? null
  }

  /** Whether dropout asks for a key at every step. */
  get needsKey(): boolean {
    return this.main.plan.inputs.key !== undefined
  }

  /** The shapes of all that a resumed run needs: weights, optimizer state, averages. */
  get state(): ReadonlyMap<string, readonly number[]> {
    const kept = this.main.plan.tensors.filter((tensor) => tensor.persistent)
    return new Map(kept.map(({ name, shape }) => [name, shape]))
  }

  readState(): Promise<Map<string, Values>> {
    return this.main.read([...this.state.keys()])
  }

  writeState(values: ReadonlyMap<string, Values>): Promise<void> {
    return this.main.write(values)
  }

  /** First values from the seed; optimizer states start at zero, averages at the weights. */
  async initialize(seed: number): Promise<void> {
    const weights = initializeWeights(this.options.graph, seed, this.options.recipe)
    const values = new Map<string, Values>(weights)
    for (const name of this.state.keys()) {
      const averaged = name.startsWith(averageName(''))
        ? weights.get(name.slice(averageName('').length))
        : undefined
      if (averaged) values.set(name, averaged)
    }
    await this.writeState(values)
  }

  /** Classifies with the weights as they are, or with their average where there is one. */
  classifier(): Promise<Classifier> {
    const { engine, graph, recipe, precision } = this.options
    return engine.classifier(graph, {
      precision,
      scaling: pixelScaling(recipe),
      average: recipe.average > 0,
      shareWith: this.main,
    })
  }

  /**
   * Sets Batch Normalization's running statistics (of the averaged weights, where they are) to the mean over
   * these batches of images, pixels 0 ... 255, without dropout.
   */
  async reestimate(images: Uint8Array): Promise<void> {
    const { engine, graph, recipe, precision } = this.options
    const plan = buildStatisticsPlan(graph, {
      batch: recipe.batch,
      precision,
      imageDType: 'u8',
      scaling: pixelScaling(recipe),
      average: recipe.average > 0,
    })
    if (plan.steps.length === 0 || images.length === 0) return
    const program = await engine.compile(plan, this.main)
    await estimateStatistics(program, images)
    program.dispose()
  }

  /** The trained weights under their own names: the averaged ones where there are such. */
  async finalWeights(): Promise<Map<string, Values>> {
    const rename = this.options.recipe.average > 0 ? averageName : (name: string) => name
    const names = weightsOf(this.options.graph).map(({ name }) => name)
    const values = await this.main.read(names.map(rename))
    return new Map(names.map((name) => [name, values.get(rename(name)) as Values]))
  }

  dispose(): void {
    for (const program of this.byBatch.values()) program.dispose()
    this.teacher?.dispose()
  }
}
