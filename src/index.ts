/**
 * The library: `import { conv2d, loadModel, predict, sequential, train } from 'atelier'`. docs/library.md describes it
 * by examples.
 */
export { AtelierError, UsageError } from './core/errors.js'
export { type Dataset, type LoadOptions as DatasetOptions, loadDataset, type Split } from './data/dataset.js'
export type { RunEvaluation as Evaluation } from './evaluate/evaluate.js'
export type { Agreement } from './export/check.js'
export type { ExportFormat } from './export/formats.js'
export { type EvaluateOptions, evaluate } from './library/evaluate.js'
export { type ExportOptions, exportModel } from './library/export.js'
export { type LoadOptions, loadModel, type Model } from './library/model.js'
export { type ImageInput, type Prediction, predict } from './library/predict.js'
export { type TrainedRun, type TrainOptions, train } from './library/train.js'
export * from './models/authoring.js'
export type { EpochRow } from './runs/formats/history.js'
export type { TrainingProgress } from './train/progress.js'
