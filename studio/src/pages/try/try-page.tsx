import type { Model, ModelList } from '../../../../src/server/schemas/models.js'
import { useApi } from '../../api/use-load.js'
import { CopyLink } from '../../components/copy-link.js'
import { Awaited } from '../../components/states.js'
import { type Specimen, useSpecimen } from '../../picture/specimen.js'
import { Link } from '../../router/link.js'
import { useTexts } from '../../settings.js'
import { Answers } from './answers.js'
import { ExportButton } from './export-button.js'
import { PhotoSteps } from './photo-steps.js'
import { Source } from './source.js'
import { useTryState } from './try-state.js'
import { useAnswers } from './use-answers.js'
import { Why } from './why.js'
import './try.css'

export default function TryPage() {
  const texts = useTexts().try
  const { specimen } = useSpecimen()
  const models = useApi<ModelList>('/api/models')
  return (
    <div className="page try">
      <header>
        <h1>{texts.title}</h1>
        <p className="lead">{texts.lead}</p>
      </header>
      <Source />
      {specimen !== null && (
        <Awaited of={specimen}>
          {(chosen) => (
            <>
              <PhotoSteps specimen={chosen} />
              <Awaited of={models}>
                {(list) => <Result key={chosen.key} specimen={chosen} models={list.models} />}
              </Awaited>
            </>
          )}
        </Awaited>
      )}
    </div>
  )
}

/** Everything the models say about one image. */
function Result({ specimen, models }: { readonly specimen: Specimen; readonly models: readonly Model[] }) {
  const texts = useTexts().try
  const state = useTryState(models)
  const { linkAbout } = useSpecimen()
  const answers = useAnswers(state.chosen, specimen, state.where)
  return (
    <>
      <Answers state={state} answers={answers} specimen={specimen} />
      <Why state={state} specimen={specimen} />
      <div className="buttons">
        <CopyLink />
        <ExportButton state={state} answers={answers} specimen={specimen} />
        <Link className="button" href={linkAbout('/inside')}>
          {texts.lookInside}
        </Link>
      </div>
    </>
  )
}
