/** One training, live. */
import { useState } from 'react'
import type { Training, TrainingDetail, TrainingState } from '../../../../src/server/schemas/trainings.js'
import { request } from '../../api/client.js'
import { useApi } from '../../api/use-load.js'
import { type DetailState, useTraining } from '../../api/use-trainings.js'
import { Facts } from '../../components/facts.js'
import { Awaited, Failed, Loading } from '../../components/states.js'
import { Link } from '../../router/link.js'
import { linkTo } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { useMessageOf } from '../../text/use-message.js'
import { modelPath } from '../models/model-table.js'
import { LiveCurves } from './live-curves.js'
import { Progress, shareDone } from './progress.js'

export function TrainingPage({ id }: { readonly id: string }) {
  const texts = useTexts().train
  const state = useTraining(id)
  // Says why where there is no such training: a stream of events cannot.
  const known = useApi<TrainingDetail>(`/api/trainings/${encodeURIComponent(id)}`)
  return (
    <div className="page">
      <header>
        <p className="small">
          <Link href="/train">{texts.title}</Link>
        </p>
        <h1>{id}</h1>
      </header>
      {state.lost && known.state !== 'failed' && (
        <p className="notice" role="status">
          {texts.lost}
        </p>
      )}
      {state.training === null ? (
        <Awaited of={known}>{() => <Loading />}</Awaited>
      ) : (
        <Body training={state.training} live={state.live} />
      )}
    </div>
  )
}

interface BodyProps {
  readonly training: TrainingDetail
  readonly live: DetailState['live']
}

function Body({ training, live }: BodyProps) {
  const texts = useTexts().train
  return (
    <>
      <section className="section" aria-labelledby="state">
        <div className="between">
          <h2 id="state" aria-live="polite">
            {texts.states[training.state]}
          </h2>
          <Controls training={training} />
        </div>
        <p className="muted">{texts.stateHints[training.state]}</p>
        <Progress training={training} />
        <Figures training={training} />
        {training.error && <Failed message={training.error} />}
      </section>
      <section className="section" aria-labelledby="live">
        <h2 id="live">{texts.curves}</h2>
        <LiveCurves epochs={training.epochs} history={training.history} live={live} />
      </section>
      <details>
        <summary>{texts.log}</summary>
        <pre className="log">{training.log.join('\n') || texts.noLog}</pre>
      </details>
    </>
  )
}

function Figures({ training }: { readonly training: TrainingDetail }) {
  const texts = useTexts().train
  const format = useFormat()
  const { progress, epochs, epochsDone, testAccuracy, state } = training
  const running = state === 'running' ? progress : null
  const facts = [
    { name: texts.epoch, value: `${running?.epoch ?? epochsDone} / ${epochs}` },
    { name: texts.done, value: format.percent(shareDone(training), 0) },
    ...(progress === null
      ? []
      : [
          { name: texts.loss, value: format.decimal(progress.loss) },
          { name: texts.running, value: format.percent(progress.accuracy) },
        ]),
    ...(running === null
      ? []
      : [
          { name: texts.speed, value: format.count(running.imagesPerSecond), note: texts.perSecond },
          { name: texts.left, value: format.duration(running.secondsLeft) },
        ]),
    ...(testAccuracy === null ? [] : [{ name: texts.accuracy, value: format.percent(testAccuracy) }]),
  ]
  return <Facts facts={facts} />
}

type Verb = 'pause' | 'stop' | 'resume'

const verbsOf: Readonly<Record<TrainingState, readonly Verb[]>> = {
  queued: ['stop'],
  running: ['pause', 'stop'],
  stopping: [],
  paused: ['resume', 'stop'],
  stopped: ['resume'],
  interrupted: ['resume', 'stop'],
  failed: ['resume'],
  finished: [],
}

function Controls({ training: { id, state } }: { readonly training: Training }) {
  const texts = useTexts().train
  const messageOf = useMessageOf()
  const [failure, setFailure] = useState<unknown>(null)
  const act = (verb: Verb) => (): void => {
    request<Training>(`/api/trainings/${encodeURIComponent(id)}/${verb}`, { method: 'POST' }).then(
      () => setFailure(null),
      (error: unknown) => setFailure(error),
    )
  }
  return (
    <div className="buttons">
      {verbsOf[state].map((verb, i) => (
        <button
          type="button"
          key={verb}
          className={i === 0 ? 'button primary' : 'button'}
          onClick={act(verb)}
        >
          {texts.verbs[verb]}
        </button>
      ))}
      {state === 'finished' && (
        <>
          <Link className="button primary" href={modelPath(id)}>
            {texts.seeModel}
          </Link>
          <Link className="button" href={linkTo('/try', { models: id, image: 'test:0' })}>
            {texts.tryIt}
          </Link>
        </>
      )}
      {failure !== null && <Failed message={messageOf(failure)} />}
    </div>
  )
}
