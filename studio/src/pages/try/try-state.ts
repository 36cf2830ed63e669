/** What the page is asked to show, as its address says. */
import type { Model } from '../../../../src/server/schemas/models.js'
import type { Method } from '../../../../src/server/schemas/predict.js'
import type { Where } from '../../inference/predict.js'
import { usePlace, useQueryChange } from '../../router/location.js'

export interface TryState {
  /** Those that take photos. */
  readonly models: readonly Model[]
  readonly chosen: readonly Model[]
  readonly where: Where
  /** The model that is asked why; null for none. */
  readonly why: Model | null
  readonly method: Method
  /** The class that is asked about; null: the predicted one. */
  readonly label: number | null
  readonly change: ReturnType<typeof useQueryChange>
}

export function useTryState(all: readonly Model[]): TryState {
  const { query } = usePlace()
  const change = useQueryChange()
  const models = all.filter(({ takesPhotos }) => takesPhotos)
  const ids = query.get('models')?.split(',')
  const chosen = models.filter(({ id, kind }) =>
    ids === undefined ? kind === 'pretrained' : ids.includes(id),
  )
  const where = query.get('where') === 'server' ? 'server' : 'browser'
  const why = models.find(({ id }) => id === query.get('why')) ?? null
  const label = query.get('class')
  return {
    models,
    chosen,
    where,
    why,
    method: methodOf(query.get('method'), where, why),
    label: label !== null && /^\d+$/.test(label) ? Number(label) : null,
    change,
  }
}

export const methods: readonly Method[] = ['gradcam', 'gradient', 'occlusion']

function methodOf(asked: string | null, where: Where, why: Model | null): Method {
  if (where === 'browser') return 'occlusion'
  const suits = (method: string): boolean => method !== 'gradcam' || why?.convolutional === true
  const wanted = methods.find((method) => method === asked && suits(method))
  return wanted ?? (why?.convolutional === true ? 'gradcam' : 'gradient')
}
