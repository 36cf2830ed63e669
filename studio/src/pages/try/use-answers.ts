import { useEffect, useRef, useState } from 'react'
import type { Model } from '../../../../src/server/schemas/models.js'
import type { Loaded } from '../../api/use-load.js'
import { type Answer, predict, type Where } from '../../inference/predict.js'
import type { Specimen } from '../../picture/specimen.js'
import type { Column } from './draw-result.js'

export type AnswerOf = (model: Model) => Loaded<Answer>

const loading = { state: 'loading' } as const

/**
 * The answers of models, each as soon as it is there. Those that are known are kept; those that are no longer wanted
 * before they are there are not waited for.
 */
export function useAnswers(models: readonly Model[], specimen: Specimen, where: Where): AnswerOf {
  const [known, setKnown] = useState<ReadonlyMap<string, Loaded<Answer>>>(new Map())
  const asking = useRef(new Map<string, AbortController>())
  const keyOf = ({ id }: Model): string => `${where} ${id} ${specimen.key}`
  const missing = new Map(
    models.filter((model) => !known.has(keyOf(model))).map((model) => [keyOf(model), model] as const),
  )
  const settle = (key: string, answer: Loaded<Answer> | null): void => {
    asking.current.delete(key)
    setKnown((before) => {
      const others = Array.from(before).filter(([other]) => other !== key)
      return new Map(answer === null ? others : [...others, [key, answer]])
    })
  }
  const ask = (key: string, model: Model): void => {
    const controller = new AbortController()
    const { signal } = controller
    asking.current.set(key, controller)
    predict(model, specimen.pixels, where, signal)
      .then(
        (value): Loaded<Answer> => ({ state: 'ready', value }),
        (error: unknown): Loaded<Answer> => ({ state: 'failed', error, retry: () => settle(key, null) }),
      )
      .then((answer) => {
        if (!signal.aborted) settle(key, answer)
      })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys say all that is missing
  useEffect(() => {
    drop(asking.current, (key) => !missing.has(key))
    for (const [key, model] of missing) if (!asking.current.has(key)) ask(key, model)
  }, [[...missing.keys()].join('\n')])
  useEffect(() => () => drop(asking.current, () => true), [])
  return (model) => known.get(keyOf(model)) ?? loading
}

/** Aborts those that a condition names, and forgets them. */
function drop(asking: Map<string, AbortController>, isDropped: (key: string) => boolean): void {
  for (const [key, controller] of asking) {
    if (!isDropped(key)) continue
    controller.abort()
    asking.delete(key)
  }
}

/** The answers that are there, as a picture has them. */
export const columnsOf = (models: readonly Model[], answers: AnswerOf): readonly Column[] =>
  models.flatMap((model) => {
    const answer = answers(model)
    return answer.state === 'ready' ? [{ name: model.id, ...answer.value }] : []
  })
