/** Trainings as they go on, by server-sent events: a reload, or another tab, sees the same. */
import { useEffect, useReducer } from 'react'
import type { TrainingDetail, TrainingEvents, TrainingList } from '../../../src/server/schemas/trainings.js'
import type { TrainingProgress } from '../../../src/train/progress.js'
import { hrefOf } from '../router/root.js'

type Events = { readonly [K in keyof TrainingEvents]: { readonly name: K; readonly data: TrainingEvents[K] } }
export type TrainingEvent = Events[keyof Events]

type Action = TrainingEvent | { readonly name: 'connected' | 'lost' }

const names = ['trainings', 'training', 'progress', 'epoch'] as const

/** Milliseconds before the next try at a server that gave none of its events. */
const RETRY = 3000

/**
 * Listens at a path for as long as the component is there and the page is seen: browsers allow a server few connections,
 * over all tabs. The first event is the whole state, so that nothing is missed.
 */
function useEvents(path: string, dispatch: (action: Action) => void): void {
  useEffect(() => {
    let close: (() => void) | null = null
    const follow = (): void => {
      close?.()
      close = document.hidden ? null : listen(path, dispatch)
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      close?.()
    }
  }, [path, dispatch])
}

/** Connects, and again when the connection is lost, until the result is called. */
function listen(path: string, dispatch: (action: Action) => void): () => void {
  let source: EventSource
  let timer: number | undefined
  const connect = (): void => {
    source = new EventSource(hrefOf(path))
    source.addEventListener('open', () => dispatch({ name: 'connected' }))
    source.addEventListener('error', () => {
      dispatch({ name: 'lost' })
      // The browser tries again by itself, but not after an answer such as a server's that is ending.
      if (source.readyState === EventSource.CLOSED) timer = window.setTimeout(connect, RETRY)
    })
    for (const name of names) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        dispatch({ name, data: JSON.parse(data) } as TrainingEvent)
      })
    }
  }
  connect()
  return () => {
    window.clearTimeout(timer)
    source.close()
  }
}

export interface ListState {
  /** Null before the first answer. */
  readonly list: TrainingList | null
  readonly lost: boolean
}

export function useTrainings(): ListState {
  const [state, dispatch] = useReducer(reduceList, { list: null, lost: false })
  useEvents('/api/trainings/events', dispatch)
  return state
}

function reduceList(state: ListState, action: Action): ListState {
  switch (action.name) {
    case 'connected':
      return { ...state, lost: false }
    case 'lost':
      return { ...state, lost: true }
    case 'trainings':
      return { list: action.data, lost: false }
    case 'progress': {
      if (state.list === null) return state
      const { id, progress } = action.data
      const trainings = state.list.trainings.map((one) => (one.id === id ? { ...one, progress } : one))
      return { ...state, list: { trainings } }
    }
    default:
      return state
  }
}

/** Loss and accuracy in the middle of an epoch; `epoch` is a number with decimals. */
export interface LivePoint {
  readonly epoch: number
  readonly loss: number
  readonly accuracy: number
}

export interface DetailState {
  readonly training: TrainingDetail | null
  /** Since the page was opened, at most MOST_POINTS of them. */
  readonly live: readonly LivePoint[]
  readonly lost: boolean
}

const MOST_POINTS = 3000

export function useTraining(id: string): DetailState {
  const [state, dispatch] = useReducer(reduceDetail, { training: null, live: [], lost: false })
  useEvents(`/api/trainings/${encodeURIComponent(id)}/events`, dispatch)
  return state
}

export function reduceDetail(state: DetailState, action: Action): DetailState {
  switch (action.name) {
    case 'connected':
      return { ...state, lost: false }
    case 'lost':
      return { ...state, lost: true }
    case 'training':
      return { ...state, training: action.data, lost: false }
    case 'progress':
      return withProgress(state, action.data.progress)
    case 'epoch': {
      const { training } = state
      if (training === null) return state
      const { epoch } = action.data
      const history = [...training.history.filter((row) => row.epoch < epoch.epoch), epoch]
      return { ...state, training: { ...training, history, epochsDone: epoch.epoch } }
    }
    default:
      return state
  }
}

function withProgress(state: DetailState, progress: TrainingProgress): DetailState {
  const { epoch, step, steps, loss, accuracy } = progress
  const place = epoch - 1 + step / steps
  // A resumed training goes back to its checkpoint.
  const earlier = state.live.filter((point) => point.epoch < place)
  const live = [...earlier, { epoch: place, loss, accuracy }].slice(-MOST_POINTS)
  return { ...state, live, training: state.training && { ...state.training, progress } }
}
