import { type FormEvent, useId } from 'react'
import type { Split } from '../../../../src/server/schemas/common.js'
import type { Data, ImageList } from '../../../../src/server/schemas/data.js'
import { useApi } from '../../api/use-load.js'
import { ChooseOne, Select } from '../../components/choices.js'
import { Pager } from '../../components/pager.js'
import { Awaited } from '../../components/states.js'
import { sheetOf, Thumb } from '../../picture/thumb.js'
import { Link } from '../../router/link.js'
import { linkTo, navigate, usePlace, useQueryChange } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'

const PAGE = 120

/** The images of a split, all or those of one class. */
export function Browse({ data }: { readonly data: Data }) {
  const texts = useTexts().data
  const format = useFormat()
  const names = useClassNames(data.classes)
  const { query } = usePlace()
  const change = useQueryChange()
  const split: Split = query.get('split') === 'train' ? 'train' : 'test'
  const label = query.get('class')
  const offset = Number(query.get('offset') ?? 0)
  const list = useApi<ImageList>(linkTo(`/api/data/${split}/images`, { class: label, offset, limit: PAGE }))
  const counts = data.splits[split]
  return (
    <section className="section" aria-label={texts.tabs.browse}>
      <div className="row">
        <ChooseOne<Split>
          legend={texts.split}
          value={split}
          onChange={(value) => change({ split: value === 'test' ? null : value, offset: null })}
          options={[
            { value: 'test', label: texts.test },
            { value: 'train', label: texts.train },
          ]}
        />
        <div className="narrow">
          <Select
            label={texts.class}
            value={label ?? ''}
            onChange={(value) => change({ class: value, offset: null })}
            options={[
              { value: '', label: `${texts.all} (${format.count(counts.count)})` },
              ...data.classes.map((_, i) => ({
                value: String(i),
                label: `${names(i)} (${format.count(counts.byClass[i] ?? 0)})`,
              })),
            ]}
          />
        </div>
        <GoTo split={split} count={counts.count} />
      </div>
      <Awaited of={list}>
        {({ total, images }) => (
          <>
            <Images split={split} images={images} names={names} />
            <Pager offset={offset} limit={PAGE} total={total} />
          </>
        )}
      </Awaited>
    </section>
  )
}

/** Opens an image by its number. */
function GoTo({ split, count }: { readonly split: Split; readonly count: number }) {
  const texts = useTexts().data
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const value = new FormData(event.currentTarget).get('index')
    if (value) navigate(`/data/${split}/${value}`)
  }
  return (
    <form className="row" onSubmit={submit}>
      <div className="field index">
        <label className="label" htmlFor={id}>
          {texts.index}
        </label>
        <input id={id} name="index" type="number" min={0} max={count - 1} required placeholder="0" />
      </div>
      <button type="submit" className="button">
        {texts.show}
      </button>
    </form>
  )
}

interface ImagesProps {
  readonly split: Split
  readonly images: ImageList['images']
  readonly names: (label: number) => string
}

function Images({ split, images, names }: ImagesProps) {
  const sheet = sheetOf(
    split,
    images.map(({ index }) => index),
  )
  return (
    <ul className="gallery small-cells">
      {images.map(({ index, label }, at) => (
        <li key={index}>
          <Link href={`/data/${split}/${index}`} title={names(label)}>
            <Thumb sheet={sheet} at={at} label={names(label)} />
            <span className="muted">{index}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
