/** Classifies by onnxruntime: each model becomes an ONNX file in memory. */
import { usableCores } from '../../core/cores.js'
import { AtelierError, mismatch } from '../../core/errors.js'
import { classCountOf, type Graph, inputShapeOf } from '../../graph/graph.js'
import { encodeOnnx } from '../../onnx/model.js'
import type { Classifier, ClassifierOptions, ClassifyingEngine, Values } from '../engine.js'
import { loadOnnxRuntime } from './runtime.js'
import { OnnxSession } from './session.js'

/** Images at a time: larger ones are no faster. */
const defaultBatch = 125

class OnnxClassifier implements Classifier {
  readonly classes: number
  private session: OnnxSession | null = null

  constructor(
    private readonly graph: Graph,
    private readonly options: ClassifierOptions,
    private readonly threads: number,
  ) {
    this.classes = classCountOf(graph)
  }

  async load(weights: ReadonlyMap<string, Values>): Promise<void> {
    const { graph, threads } = this
    const { scaling, batch = defaultBatch } = this.options
    const model = encodeOnnx({ graph, weights, scaling })
    const image = inputShapeOf(graph)
    await this.session?.dispose()
    this.session = await OnnxSession.open(model, { threads, image, classes: this.classes, batch })
  }

  async logits(images: Uint8Array | Float32Array, count: number): Promise<Float32Array> {
    if (!this.session) throw new Error('a classifier classifies after it was given weights')
    return this.session.logits(images, count)
  }

  dispose(): void {
    void this.session?.dispose()
    this.session = null
  }
}

/** @throws AtelierError where onnxruntime cannot be loaded. */
export async function createOnnxRuntimeEngine({
  threads = usableCores(),
}: {
  readonly threads?: number | undefined
} = {}): Promise<ClassifyingEngine> {
  const state = await loadOnnxRuntime()
  if (state.runtime === null) {
    const hint = 'Use --engine auto, which needs no package'
    throw new AtelierError(mismatch('--engine onnxruntime', 'a package that loads', state.reason, hint))
  }
  return {
    name: 'onnxruntime',
    description: `onnxruntime ${state.version}, f32, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    threads,
    bf16: false,
    slow: false,
    classifier: async (graph, options) => new OnnxClassifier(graph, options, threads),
  }
}
