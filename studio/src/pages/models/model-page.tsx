import type { ModelDetail } from '../../../../src/server/schemas/models.js'
import { useApi } from '../../api/use-load.js'
import { Awaited } from '../../components/states.js'
import { Tabs } from '../../components/tabs.js'
import { Link } from '../../router/link.js'
import { linkTo } from '../../router/location.js'
import { useTexts } from '../../settings.js'
import { useServerTexts } from '../../text/server-texts.js'
import { Confusion } from './confusion.js'
import { Layers } from './layers.js'
import { Mistakes } from './mistakes.js'
import { modelPath } from './model-table.js'
import { Overview } from './overview.js'
import { Reliability } from './reliability.js'

const tabs = ['overview', 'confusion', 'mistakes', 'reliability', 'layers'] as const

interface Props {
  readonly id: string
  readonly tab: string
}

/** One model: how it learned, where it errs, what it is made of. */
export function ModelPage({ id, tab }: Props) {
  const texts = useTexts().models
  const model = useApi<ModelDetail>(`/api/models/${encodeURIComponent(id)}`)
  return (
    <div className="page">
      <header>
        <p className="small">
          <Link href="/models">{texts.title}</Link>
        </p>
        <div className="between">
          <h1>{id}</h1>
          <div className="buttons">
            <Link className="button" href={linkTo('/try', { models: id, image: 'test:0' })}>
              {texts.tryIt}
            </Link>
            <Link className="button" href={linkTo('/models/compare', { a: id, image: 'test:0' })}>
              {texts.compare}
            </Link>
          </div>
        </div>
        {model.state === 'ready' && <What model={model.value} />}
        <Tabs
          label={texts.sections}
          current={tab}
          tabs={tabs.map((name) => ({
            name,
            label: texts.tabs[name],
            href: modelPath(id, name === 'overview' ? '' : name),
          }))}
        />
      </header>
      <Awaited of={model}>{(detail) => <Tab name={tab} model={detail} />}</Awaited>
    </div>
  )
}

/** What it is, in words. */
function What({ model: { model, title } }: { readonly model: ModelDetail }) {
  const serverTexts = useServerTexts()
  return title === null ? null : <p className="lead capital">{serverTexts.title(model, title)}</p>
}

function Tab({ name, model }: { readonly name: string; readonly model: ModelDetail }) {
  if (name === 'confusion') return <Confusion model={model} />
  if (name === 'mistakes') return <Mistakes model={model} />
  if (name === 'reliability') return <Reliability model={model} />
  if (name === 'layers') return <Layers model={model} />
  return <Overview model={model} />
}
