import { usePlace } from '../../router/location.js'
import { useTexts } from '../../settings.js'
import { StartForm } from './start-form.js'
import { TrainingPage } from './training-page.js'
import { TrainingTable } from './training-table.js'
import './train.css'

export default function TrainPage() {
  const texts = useTexts().train
  const { path } = usePlace()
  const [, , id] = path.split('/')
  if (id !== undefined) return <TrainingPage key={id} id={decodeURIComponent(id)} />
  return (
    <div className="page">
      <header>
        <h1>{texts.title}</h1>
        <p className="lead">{texts.lead}</p>
      </header>
      <StartForm />
      <TrainingTable />
    </div>
  )
}
