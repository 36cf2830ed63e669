/** Models as the API tells of them. */
import { join } from 'node:path'
import { readText } from '../../core/files.js'
import { gradCamLayer } from '../../explain/grad-cam.js'
import { countParameters, type Graph, type GraphNode, weightsOf, weightsOfNode } from '../../graph/graph.js'
import { isModelName, models, publishedOf } from '../../models/index.js'
import { takesPhotos } from '../../predict/takes-photos.js'
import { readHistory } from '../../runs/history.js'
import { readMetrics } from '../../runs/read-metrics.js'
import { releaseFiles } from '../../runs/released-weights.js'
import type { Layer, Model, ModelDetail } from '../schemas/models.js'
import type { ListedModel } from './catalog.js'
import { familiarityThreshold } from './familiarity.js'

/** One whose files are damaged is left out, as the catalog does: it must not hide the others. */
export async function describeModels(listed: readonly ListedModel[]): Promise<Model[]> {
  const described = await Promise.all(listed.map((one) => describeModel(one).catch(() => null)))
  return described.filter((model) => model !== null)
}

export async function describeModel({ id, model, version }: ListedModel): Promise<Model> {
  const { record, graph, name, kind, classes, temperature } = model
  const metrics = await readMetrics(model)
  const path = `/api/models/${encodeURIComponent(id)}`
  return {
    id,
    kind,
    model: name,
    title: isModelName(name) ? models[name].title : null,
    recipe: record.recipeName,
    seed: record.seed,
    parameters: countParameters(weightsOf(graph)).parameters,
    testAccuracy: model.which === 'final' ? (metrics?.test?.accuracy ?? null) : null,
    publishedAccuracy: publishedOf(name)?.testAccuracy ?? null,
    labels: [...classes],
    temperature,
    familiarityThreshold: await familiarityThreshold(model),
    heldOutLogits: (await model.heldOutLogits()) === null ? null : `${path}/held-out.bin`,
    convolutional: gradCamLayer(graph) !== null,
    takesPhotos: takesPhotos(graph),
    startedAt: record.startedAt,
    version,
    onnx: `${path}/model.onnx`,
    activationsOnnx: `${path}/activations.onnx`,
  }
}

export async function detailModel(listed: ListedModel): Promise<ModelDetail> {
  const { model } = listed
  const { record, graph, kind, directory } = model
  const [short, metrics, history] = await Promise.all([
    describeModel(listed),
    readMetrics(model),
    readHistory(model),
  ])
  return {
    ...short,
    layers: layersOf(graph),
    trainable: countParameters(weightsOf(graph)).trainable,
    recipeValues: record.recipe,
    settings: record.settings,
    history,
    training: {
      trainImages: record.trainImages,
      heldOutImages: record.heldOutImages,
      precision: record.precision,
      engine: record.engine.description,
      cpu: record.machine.cpu,
      seconds: metrics?.training?.seconds ?? null,
      officialData: record.data.official,
      revision: record.revision,
      command: record.command,
    },
    card: kind === 'pretrained' ? await readText(join(directory, releaseFiles.card)).catch(() => null) : null,
  }
}

export function layersOf(graph: Graph): Layer[] {
  return graph.nodes.map((node) => ({
    name: node.name,
    op: node.op,
    params: node.params as Record<string, unknown>,
    inputs: node.inputs.map((index) => (graph.nodes[index] as GraphNode).name),
    shape: [...node.shape],
    ...countParameters(weightsOfNode(graph, node)),
  }))
}
