/** The study's fourth model: a ResNet of bottleneck blocks whose stages are entered by convolutions. */
import {
  batchNormalization,
  conv2d,
  dense,
  globalAveragePooling2d,
  input,
  type Layer,
  maxPooling2d,
  relu,
  residual,
  sequential,
} from '../graph/layers.js'

/** 1 x 1 to a quarter of the channels, 3 x 3, 1 x 1 back; the shortcut joins before the last ReLU. */
function bottleneck(name: string, channels: number, shortcut: readonly Layer[] = []): readonly Layer[] {
  const main = [
    conv2d(channels / 4, 1),
    batchNormalization(),
    relu(),
    conv2d(channels / 4, 3),
    batchNormalization(),
    relu(),
    conv2d(channels, 1),
    batchNormalization(),
  ]
  return [residual(name, main, shortcut), relu({ name: `${name}_relu` })]
}

function stage(number: number, channels: number, blocks: number): readonly Layer[] {
  const entry =
    number === 1 ? [] : [conv2d(channels, 1, { strides: 2, padding: 'valid', name: `stage${number}_entry` })]
  const first = number === 1 ? [conv2d(channels, 1)] : []
  const names = Array.from({ length: blocks }, (_, block) => `stage${number}_block${block + 1}`)
  return [...entry, ...names.flatMap((name, block) => bottleneck(name, channels, block === 0 ? first : []))]
}

export const resnet50 = (classes = 10) =>
  sequential(
    'resnet50',
    input(28, 28, 1),
    conv2d(64, 7, { strides: 2 }),
    batchNormalization(),
    relu(),
    maxPooling2d(3, { strides: 2, padding: 'same' }),
    ...stage(1, 256, 3),
    ...stage(2, 512, 4),
    ...stage(3, 1024, 6),
    ...stage(4, 2048, 3),
    globalAveragePooling2d(),
    dense(1000, { activation: 'relu' }),
    dense(classes),
  )
