import { useCallback, useEffect, useState } from 'react'
import type { Model } from '../../../../src/server/schemas/models.js'
import { messageOf } from '../../api/client.js'
import type { Loaded } from '../../api/use-load.js'
import { type Answer, predict, type Where } from '../../inference/predict.js'
import type { Specimen } from '../../picture/specimen.js'
import type { Column } from './draw-result.js'

export type AnswerOf = (model: Model) => Loaded<Answer>

const loading = { state: 'loading' } as const

/** The answers of models, each as soon as it is there; those that are known are kept. */
export function useAnswers(models: readonly Model[], specimen: Specimen, where: Where): AnswerOf {
  const [known, setKnown] = useState<ReadonlyMap<string, Loaded<Answer>>>(new Map())
  const keyOf = useCallback(
    ({ id }: Model): string => `${where} ${id} ${specimen.key}`,
    [where, specimen.key],
  )
  const missing = models.filter((model) => !known.has(keyOf(model)))
  const wanted = missing.map(keyOf).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` says all that is missing
  useEffect(() => {
    for (const model of missing) {
      const key = keyOf(model)
      const settle = (answer: Loaded<Answer> | null): void =>
        setKnown((before) => {
          const after = new Map(before)
          if (answer === null) after.delete(key)
          else after.set(key, answer)
          return after
        })
      settle(loading)
      predict(model, specimen.pixels, where).then(
        (value) => settle({ state: 'ready', value }),
        (error: unknown) => settle({ state: 'failed', message: messageOf(error), retry: () => settle(null) }),
      )
    }
  }, [wanted])
  return (model) => known.get(keyOf(model)) ?? loading
}

/** The answers that are there, as a picture has them. */
export const columnsOf = (models: readonly Model[], answers: AnswerOf): readonly Column[] =>
  models.flatMap((model) => {
    const answer = answers(model)
    return answer.state === 'ready' ? [{ name: model.id, ...answer.value }] : []
  })
