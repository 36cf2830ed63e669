/** Why a model says what it says of an image: a map of how much each place speaks for a class, by one of three methods. */
import { AtelierError, mismatch } from '../core/errors.js'
import { argmax } from '../core/logits.js'
import { formatShape } from '../core/shape.js'
import type { Classifier, Engine, Values } from '../engine/engine.js'
import { type Graph, type GraphNode, inputShapeOf } from '../graph/graph.js'
import { gainsOnTheWay, gradCam, gradCamLayer, imagesOnTheWay, STEPS } from './grad-cam.js'
import { type DifferentiableModel, GradientProgram } from './gradient-program.js'
import { logOddsGradient } from './log-odds.js'
import { type Method, methods } from './methods.js'
import { type ImageShape, occlusionMap } from './occlusion.js'
import { noisyCopies, SAMPLES, smoothedContributions } from './smooth-grad.js'

export interface Explanation {
  readonly method: Method
  /** The layer that Grad-CAM looked at; null for other methods. */
  readonly layer: string | null
  /** The class that the map is of. */
  readonly classIndex: number
  /** Of the image, by class. */
  readonly logits: Float32Array
  readonly height: number
  readonly width: number
  /**
   * [height, width]: the larger, the more a place speaks for the class; below zero (not with Grad-CAM) it speaks against
   * it. All three estimate by how much the class's log-odds fall when the place turns black: gradient pixel by pixel and
   * to first order, Grad-CAM place by place of its layer, occlusion for all that a window hides.
   */
  readonly values: Float32Array
}

/** Explains a model's answers by one method. */
export interface Explainer {
  readonly method: Method
  /**
   * The map of a class (by default of the one that the model takes the image for), for an image of the model's input
   * shape, its pixels 0 ... 255. Always the same for the same image.
   */
  explain(image: Uint8Array, classIndex?: number): Promise<Explanation>
  dispose(): void
}

/** Grad-CAM for convolutional nets, input gradients for others. */
export const defaultMethod = (graph: Graph): Method => (gradCamLayer(graph) === null ? 'gradient' : 'gradcam')

/**
 * An explainer of a model with these weights, by `<layer>.<suffix>`.
 *
 * @throws AtelierError where the method does not suit the model.
 */
export async function createExplainer(
  engine: Engine,
  model: DifferentiableModel,
  weights: ReadonlyMap<string, Values>,
  method: Method,
): Promise<Explainer> {
  const { height, width } = imageShapeOf(model.graph)
  const layer = method === 'gradcam' ? layerToLookAt(model.graph) : null
  const parts = await (layer !== null
    ? byGradCam(engine, model, weights, layer)
    : method === 'gradient'
      ? bySmoothGrad(engine, model, weights)
      : byOcclusion(engine, model, weights))
  return {
    method,
    explain: async (image, classIndex) => ({
      ...(await parts.explain(image, classIndex)),
      ...{ method, layer, height, width },
    }),
    dispose: parts.dispose,
  }
}

/** What is the method's own of an explainer. */
interface Parts {
  explain(
    image: Uint8Array,
    classIndex?: number,
  ): Promise<Pick<Explanation, 'logits' | 'classIndex' | 'values'>>
  dispose(): void
}
type Weights = ReadonlyMap<string, Values>

async function byOcclusion(engine: Engine, model: DifferentiableModel, weights: Weights): Promise<Parts> {
  const shape = imageShapeOf(model.graph)
  const classifier = await classifierOf(engine, model, weights)
  const logitsOf = (images: Uint8Array, count: number): Promise<Float32Array> =>
    classifier.logits(images, count)
  return {
    explain: (image, classIndex) => occlusionMap(image, shape, logitsOf, classIndex),
    dispose: () => classifier.dispose(),
  }
}

async function bySmoothGrad(engine: Engine, model: DifferentiableModel, weights: Weights): Promise<Parts> {
  const { channels } = imageShapeOf(model.graph)
  const program = await GradientProgram.create(engine, model, weights, { layer: 'input', batch: SAMPLES })
  return byGradient(engine, model, weights, program, async (image, objectiveOf) => {
    const { gradients } = await program.run(noisyCopies(image), objectiveOf)
    return smoothedContributions(image, gradients, model.scaling.scale, channels)
  })
}

async function byGradCam(
  engine: Engine,
  model: DifferentiableModel,
  weights: Weights,
  layer: string,
): Promise<Parts> {
  const { shape } = model.graph.nodes.find(({ name }) => name === layer) as GraphNode
  const [height, width, channels] = shape as [number, number, number]
  const program = await GradientProgram.create(engine, model, weights, { layer, batch: STEPS + 1 })
  return byGradient(engine, model, weights, program, async (image, objectiveOf) => {
    const onTheWay = await program.run(imagesOnTheWay(image), objectiveOf)
    const gains = gainsOnTheWay(onTheWay, [height, width, channels])
    return gradCam(gains, { height, width }, imageShapeOf(model.graph))
  })
}

/** The class is that of an inference, so that it is the one that every other command gives. */
async function byGradient(
  engine: Engine,
  model: DifferentiableModel,
  weights: Weights,
  program: GradientProgram,
  valuesOf: (image: Uint8Array, objectiveOf: (logits: Float32Array) => Float32Array) => Promise<Float32Array>,
): Promise<Parts> {
  const classifier = await classifierOf(engine, model, weights, 1)
  return {
    explain: async (image, wanted) => {
      const logits = await classifier.logits(image, 1)
      const classIndex = wanted ?? argmax(logits)
      const values = await valuesOf(image, (of) => logOddsGradient(of, classIndex))
      return { logits, classIndex, values }
    },
    dispose: () => {
      classifier.dispose()
      program.dispose()
    },
  }
}

async function classifierOf(
  engine: Engine,
  { graph, scaling }: DifferentiableModel,
  weights: Weights,
  batch?: number,
): Promise<Classifier> {
  const size = batch === undefined ? {} : { batch }
  const classifier = await engine.classifier(graph, { precision: 'f32', scaling, ...size })
  await classifier.load(weights)
  return classifier
}

function imageShapeOf(graph: Graph): ImageShape {
  const shape = inputShapeOf(graph)
  if (shape.length === 3) {
    const [height, width, channels] = shape as [number, number, number]
    return { height, width, channels }
  }
  const expected = 'height x width x channels, since a map is of places in an image'
  throw new AtelierError(mismatch(`Model ${graph.name}, input`, expected, formatShape(shape)))
}

function layerToLookAt(graph: Graph): string {
  const layer = gradCamLayer(graph)
  if (layer !== null) return layer
  const hint = `Use ${methods.filter((name) => name !== 'gradcam').join(' or ')}`
  throw new AtelierError(
    mismatch(
      'Method gradcam',
      'a model with a rectified layer of at least 7 x 7 pixels',
      `${graph.name}, which has none`,
      hint,
    ),
  )
}
