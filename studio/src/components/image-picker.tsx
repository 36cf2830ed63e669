import { type FormEvent, useId } from 'react'
import type { Data } from '../../../src/server/schemas/data.js'
import { useApi } from '../api/use-load.js'
import { usePlace, useQueryChange } from '../router/location.js'
import { useTexts } from '../settings.js'

/** Chooses a test image by its number, or any of them. */
export function ImagePicker() {
  const { data: texts, try: tryTexts } = useTexts()
  const id = useId()
  const { query } = usePlace()
  const change = useQueryChange()
  const data = useApi<Data>('/api/data')
  const count = data.state === 'ready' ? data.value.splits.test.count : 0
  const current = /^test:(\d+)$/.exec(query.get('image') ?? '')?.[1]
  const show = (index: number): void => change({ image: `test:${index}` }, { dropFragment: true })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const value = new FormData(event.currentTarget).get('index')
    if (value) show(Number(value))
  }
  return (
    <form className="row" onSubmit={submit}>
      <div className="field index">
        <label className="label" htmlFor={id}>
          {texts.testIndex}
        </label>
        <input
          key={current}
          id={id}
          name="index"
          type="number"
          min={0}
          max={Math.max(0, count - 1)}
          defaultValue={current}
        />
      </div>
      <div className="buttons">
        <button type="submit" className="button">
          {texts.show}
        </button>
        <button
          type="button"
          className="button"
          disabled={count === 0}
          onClick={() => show(Math.floor(Math.random() * count))}
        >
          {tryTexts.random}
        </button>
      </div>
    </form>
  )
}
