/** The configuration files of a Hugging Face folder, as transformers.js reads them. */
import { inputShapeOf } from '../../graph/graph.js'
import type { TrainedModel } from '../../runs/trained-model.js'

/**
 * transformers.js runs known model types alone, and hands those of image classification's whole graph to
 * onnxruntime: the type `resnet` stands for any of them.
 */
export function modelConfig(model: TrainedModel): object {
  const { classes, temperature, record } = model
  const [, width] = inputShapeOf(model.graph)
  return {
    model_type: 'resnet',
    architectures: ['ResNetForImageClassification'],
    num_channels: 3,
    image_size: width,
    id2label: Object.fromEntries(classes.map((name, label) => [String(label), name])),
    label2id: Object.fromEntries(classes.map((name, label) => [name, label])),
    // In browsers transformers.js would look for a quantized file first.
    'transformers.js_config': { dtype: 'fp32' },
    atelier: { model: model.name, pixels: record.recipe.pixels, temperature },
  }
}

/** To pixels in [0, 1]: the graph itself standardizes them. */
export function preprocessorConfig(model: TrainedModel): object {
  const [height, width] = inputShapeOf(model.graph)
  return {
    image_processor_type: 'ViTImageProcessor',
    do_resize: true,
    size: { height, width },
    // Bilinear.
    resample: 2,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: false,
  }
}
