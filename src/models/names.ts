/** The names of the models that come with trained weights. */

/** The study's four, in its order: they have published figures, and a recipe `published`. */
export const studyNames = ['nn', 'dnn', 'cnn', 'resnet50'] as const
export type StudyName = (typeof studyNames)[number]

/** Those that the study does not have. */
export const otherNames = [] as const satisfies readonly string[]

export const modelNames = [...studyNames, ...otherNames] as const
export type ModelName = (typeof modelNames)[number]

const includes = (names: readonly string[], name: string): boolean => names.includes(name)

export const isModelName = (name: string): name is ModelName => includes(modelNames, name)

export const isStudyName = (name: string): name is StudyName => includes(studyNames, name)
