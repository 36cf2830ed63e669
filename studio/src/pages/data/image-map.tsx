/** Test images by a model's last hidden layer, in two dimensions. */
import { useCallback, useMemo } from 'react'
import type { Data } from '../../../../src/server/schemas/data.js'
import type { ImageMap, MapMethod, ModelList } from '../../../../src/server/schemas/models.js'
import { useApi } from '../../api/use-load.js'
import { Chart, type Pick } from '../../charts/chart.js'
import { ChooseOne, Select } from '../../components/choices.js'
import { Awaited } from '../../components/states.js'
import { navigate, usePlace, useQueryChange } from '../../router/location.js'
import { hrefOf } from '../../router/root.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'
import { mapOption, pointsByClass } from './map-plot.js'

export function ImageMapView({ data }: { readonly data: Data }) {
  const texts = useTexts().data
  const list = useApi<ModelList>('/api/models')
  return (
    <section className="section" aria-labelledby="map">
      <header>
        <h2 id="map">{texts.tabs.map}</h2>
        <p className="muted">{texts.mapLead}</p>
      </header>
      <Awaited of={list}>
        {({ models }) =>
          models.length === 0 ? (
            <p className="state">{texts.noModels}</p>
          ) : (
            <OfModel ids={models.map(({ id }) => id)} data={data} />
          )
        }
      </Awaited>
    </section>
  )
}

function OfModel({ ids, data }: { readonly ids: readonly string[]; readonly data: Data }) {
  const { shell, data: texts } = useTexts()
  const { query } = usePlace()
  const change = useQueryChange()
  const id = ids.find((name) => name === query.get('model')) ?? (ids[0] as string)
  const by: MapMethod = query.get('by') === 'umap' ? 'umap' : 'components'
  const map = useApi<ImageMap>(`/api/models/${encodeURIComponent(id)}/map?limit=2000&by=${by}`)
  return (
    <>
      <div className="row">
        <div className="narrow-row">
          <Select
            label={shell.model}
            value={id}
            options={ids.map((name) => ({ value: name, label: name }))}
            onChange={(model) => change({ model })}
          />
        </div>
        <ChooseOne<MapMethod>
          legend={texts.arranged}
          value={by}
          onChange={(value) => change({ by: value === 'umap' ? value : null })}
          options={[
            { value: 'components', label: texts.byComponents },
            { value: 'umap', label: texts.byNeighbours },
          ]}
        />
      </div>
      <Awaited of={map}>{(value) => <Plot map={value} data={data} />}</Awaited>
    </>
  )
}

function Plot({ map, data }: { readonly map: ImageMap; readonly data: Data }) {
  const { data: texts, shell } = useTexts()
  const format = useFormat()
  const names = useClassNames(data.classes)
  const groups = useMemo(() => pointsByClass(map, data.classes.length), [map, data])
  const option = useMemo(
    () =>
      mapOption(
        groups,
        names,
        ({ index, label, predicted }) =>
          [
            `<img src="${hrefOf(`/api/data/test/images/${index}.png`)}" width="84" height="84" alt="" style="image-rendering:pixelated">`,
            `${shell.testImage(index)}: ${escaped(names(label))}`,
            ...(predicted === label ? [] : [escaped(texts.takenFor(names(predicted)))]),
          ].join('<br>'),
        map.explained !== null,
      ),
    [groups, names, shell, texts, map],
  )
  const open = useCallback(
    ({ seriesIndex, dataIndex }: Pick): void => {
      const point = groups[seriesIndex]?.[dataIndex]
      if (point !== undefined) navigate(`/data/test/${point.index}`)
    },
    [groups],
  )
  const axesOf = ({ explained }: ImageMap): string => {
    if (explained === null) return texts.neighbours
    const [first, second] = explained
    return texts.explained(format.percent(first, 0), format.percent(second, 0))
  }
  const title = texts.mapTitle(format.count(map.points.length), map.layer)
  return (
    <>
      <Chart title={title} alt={texts.mapAlt(map.points.length)} option={option} height={620} onPick={open} />
      <p className="muted small">{axesOf(map)}</p>
    </>
  )
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
