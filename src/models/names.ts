/** The names of the study's four models, in its order. */
export const modelNames = ['nn', 'dnn', 'cnn', 'resnet50'] as const

export type ModelName = (typeof modelNames)[number]

export const isModelName = (name: string): name is ModelName =>
  (modelNames as readonly string[]).includes(name)
