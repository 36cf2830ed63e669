/** What a model file imports: `import { conv2d, dense, flatten, input, sequential } from 'atelier'`. */
export type { Graph } from './graph/graph.js'
export * from './graph/layers.js'
export { cnn } from './models/cnn.js'
export { dnn } from './models/dnn.js'
export { nn } from './models/nn.js'
export { resnet50 } from './models/resnet50.js'
