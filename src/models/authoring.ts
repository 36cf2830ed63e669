/** What a model's source file imports as `atelier`: the layers, and Atelier's own models. */
export type { Graph } from '../graph/graph.js'
export * from '../graph/layers.js'
export { cnn } from './cnn.js'
export { dnn } from './dnn.js'
export { nn } from './nn.js'
export { resnet50 } from './resnet50.js'
