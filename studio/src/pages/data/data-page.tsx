import type { Data } from '../../../../src/server/schemas/data.js'
import { useApi } from '../../api/use-load.js'
import { Awaited } from '../../components/states.js'
import { Tabs } from '../../components/tabs.js'
import { usePlace } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { Browse } from './browse.js'
import { DataImage } from './data-image.js'
import { ImageMapView } from './image-map.js'
import { Means } from './means.js'
import { SuspiciousLabels } from './suspicious-labels.js'
import './data.css'

const tabs = ['browse', 'means', 'map', 'suspicious'] as const

export default function DataPage() {
  const texts = useTexts().data
  const format = useFormat()
  const { path } = usePlace()
  const [, , part = 'browse', index] = path.split('/')
  const data = useApi<Data>('/api/data')
  return (
    <div className="page">
      <header>
        <h1>{texts.title}</h1>
        <p className="lead">
          {data.state === 'ready'
            ? texts.lead(
                format.count(data.value.splits.train.count),
                format.count(data.value.splits.test.count),
                data.value.classes.length,
              )
            : ' '}
        </p>
        <Tabs
          label={texts.sections}
          current={part}
          tabs={tabs.map((name) => ({
            name,
            label: texts.tabs[name],
            href: name === 'browse' ? '/data' : `/data/${name}`,
          }))}
        />
      </header>
      <Awaited of={data}>{(value) => <Part name={part} index={index} data={value} />}</Awaited>
    </div>
  )
}

interface PartProps {
  readonly name: string
  readonly index: string | undefined
  readonly data: Data
}

function Part({ name, index, data }: PartProps) {
  if ((name === 'train' || name === 'test') && index !== undefined) {
    return <DataImage split={name} index={Number(index)} data={data} />
  }
  if (name === 'means') return <Means data={data} />
  if (name === 'map') return <ImageMapView data={data} />
  if (name === 'suspicious') return <SuspiciousLabels data={data} />
  return <Browse data={data} />
}
