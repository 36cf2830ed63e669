/** Where the image comes from: a file, the clipboard, the camera, a drawing, or the data set. */
import { type DragEvent, lazy, Suspense, useEffect, useId, useState } from 'react'
import type { Picture } from '../../../../src/photo/raster.js'
import type { Data } from '../../../../src/server/schemas/data.js'
import { useApi } from '../../api/use-load.js'
import { Failed, Loading } from '../../components/states.js'
import { decodeFile } from '../../picture/decode.js'
import { useSpecimen } from '../../picture/specimen.js'
import { usePlace, useQueryChange } from '../../router/location.js'
import { useTexts } from '../../settings.js'
import { Samples } from './samples.js'

const DrawPad = lazy(() => import('./draw-pad.js'))
const Camera = lazy(() => import('./camera.js'))

export function Source() {
  const texts = useTexts().try
  const { query } = usePlace()
  const change = useQueryChange()
  const { showOwn } = useSpecimen()
  const { failure, take } = useFiles()
  const [dragged, setDragged] = useState(false)
  const input = query.get('input')
  const show = (picture: Picture): void => showOwn(picture, 'auto')
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setDragged(false)
    take(event.dataTransfer.files[0])
  }
  const over = (event: DragEvent): void => {
    event.preventDefault()
    setDragged(true)
  }
  const toggle = (name: string): void => change({ input: input === name ? null : name }, { replace: true })
  return (
    <section className="section" aria-label={texts.source}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way of several; the buttons are the others */}
      <div
        className={`drop${dragged ? ' dragged' : ''}`}
        onDrop={drop}
        onDragOver={over}
        onDragLeave={() => setDragged(false)}
      >
        <p>{texts.drop}</p>
        <div className="buttons">
          <FileButton onFile={take} />
          <Toggle name="camera" input={input} toggle={toggle} label={texts.camera} />
          <Toggle name="draw" input={input} toggle={toggle} label={texts.draw} />
          <RandomButton />
        </div>
      </div>
      {failure && <Failed message={failure} />}
      <Suspense fallback={<Loading />}>
        {input === 'draw' && <DrawPad onDrawn={show} />}
        {input === 'camera' && <Camera onTaken={show} />}
      </Suspense>
      {query.get('image') === null && input === null && <Samples />}
    </section>
  )
}

interface ToggleProps {
  readonly name: string
  readonly input: string | null
  readonly toggle: (name: string) => void
  readonly label: string
}

function Toggle({ name, input, toggle, label }: ToggleProps) {
  return (
    <button type="button" className="button" aria-expanded={input === name} onClick={() => toggle(name)}>
      {label}
    </button>
  )
}

/** Files that are chosen, dropped or pasted. */
function useFiles() {
  const texts = useTexts().try
  const { showOwn } = useSpecimen()
  const [failure, setFailure] = useState<string | null>(null)
  const take = (file: File | undefined): void => {
    if (file === undefined) return
    decodeFile(file).then(
      (picture) => {
        setFailure(null)
        showOwn(picture, 'auto')
      },
      () => setFailure(texts.unreadable(file.name)),
    )
  }
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => take(event.clipboardData?.files[0])
    window.addEventListener('paste', paste)
    return () => window.removeEventListener('paste', paste)
  })
  return { failure, take }
}

function FileButton({ onFile }: { readonly onFile: (file: File | undefined) => void }) {
  const texts = useTexts().try
  const id = useId()
  return (
    <span className="file">
      <input
        id={id}
        type="file"
        accept="image/*"
        onChange={(event) => {
          onFile(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
      <label htmlFor={id} className="button primary">
        {texts.choose}
      </label>
    </span>
  )
}

function RandomButton() {
  const texts = useTexts().try
  const change = useQueryChange()
  const data = useApi<Data>('/api/data')
  const count = data.state === 'ready' ? data.value.splits.test.count : 0
  const pick = (): void =>
    change(
      { image: `test:${Math.floor(Math.random() * count)}`, class: null, invert: null },
      { dropFragment: true },
    )
  return (
    <button type="button" className="button" disabled={count === 0} onClick={pick}>
      {texts.random}
    </button>
  )
}
