/**
 * The image that Try and Look inside are about. The address says which: `image=test:123` is one of the data set's, and
 * `image=own` has its pixels in the fragment, so that a link holds even a drawing, and no server sees it.
 */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { type Invert, type PreparedPhoto, preparePhoto } from '../../../src/photo/prepare.js'
import type { Picture } from '../../../src/photo/raster.js'
import type { Split } from '../../../src/server/schemas/common.js'
import type { Image } from '../../../src/server/schemas/data.js'
import { request } from '../api/client.js'
import { type Loaded, useLoad } from '../api/use-load.js'
import { linkTo, navigate, usePlace } from '../router/location.js'
import { pathOf } from '../router/root.js'
import { useTexts } from '../settings.js'
import { StudioError } from '../text/studio-error.js'
import { pixelsFromText, pixelsToText } from './pixels-text.js'

export interface Specimen {
  /** Differs from image to image. */
  readonly key: string
  readonly pixels: Uint8Array
  /** Where it lies in the data set; null of a visitor's own. */
  readonly place: Place | null
  /** The steps that made it; null of the data set's images, and of those that came by a link. */
  readonly photo: PreparedPhoto | null
}

interface Place {
  readonly split: Split
  readonly index: number
  readonly label: number
  /** Of the label's class. */
  readonly name: string
}

interface Own {
  readonly picture: Picture
  readonly photo: PreparedPhoto
  readonly text: string
}

interface Chosen {
  readonly own: Own | null
  readonly setOwn: (own: Own) => void
}

const Context = createContext<Chosen | null>(null)

export function SpecimenProvider({ children }: { readonly children: ReactNode }) {
  const [own, setOwn] = useState<Own | null>(null)
  return <Context value={useMemo(() => ({ own, setOwn }), [own])}>{children}</Context>
}

export interface SpecimenState {
  /** Null where none is chosen. */
  readonly specimen: Loaded<Specimen> | null
  /** Prepares a decoded picture and goes on with it. */
  readonly showOwn: (picture: Picture, invert: Invert) => void
  /** Prepares the visitor's own picture again; null where there is none. */
  readonly invertOwn: ((invert: Invert) => void) | null
  /** What a link to another page about this image needs. */
  readonly linkAbout: (path: string) => string
}

export function useSpecimen(): SpecimenState {
  const chosen = useContext(Context)
  if (chosen === null) throw new Error('useSpecimen needs a SpecimenProvider around it')
  const { own, setOwn } = chosen
  const { query, fragment } = usePlace()
  const image = query.get('image')
  const key = image === 'own' ? `own ${fragment}` : image
  const loaded = useLoad<Specimen>(key, (signal) =>
    image === 'own' ? ownSpecimen(fragment, own) : dataSpecimen(image as string, signal),
  )
  const showOwn = useCallback(
    (picture: Picture, invert: Invert): void => {
      const photo = preparePhoto(picture, { invert })
      const text = pixelsToText(photo.pixels)
      setOwn({ picture, photo, text })
      const { pathname, search } = window.location
      const all = { ...Object.fromEntries(new URLSearchParams(search)), image: 'own' }
      const inverted = invert === 'auto' ? null : invert
      navigate(`${linkTo(pathOf(pathname), { ...all, invert: inverted, class: null })}#${text}`)
    },
    [setOwn],
  )
  const linkAbout = (path: string): string =>
    linkTo(path, { image }) + (image === 'own' ? `#${fragment}` : '')
  const current = image === 'own' && own?.text === fragment ? own : null
  const invertOwn = current && ((invert: Invert): void => showOwn(current.picture, invert))
  return { specimen: key === null ? null : loaded, showOwn, invertOwn, linkAbout }
}

/** What an image is called: by its place in the data set, or as the visitor's own. */
export function useSpecimenName({ place }: Specimen): string {
  const { shell, try: texts } = useTexts()
  if (place === null) return texts.ownImage
  return place.split === 'test' ? shell.testImage(place.index) : shell.trainImage(place.index)
}

/** The class that the data set has for an image; null of a visitor's own. */
export function useSpecimenClass({ place }: Specimen): string | null {
  const { classes } = useTexts().shell
  return place && (classes[place.name] ?? place.name)
}

async function ownSpecimen(text: string, own: Own | null): Promise<Specimen> {
  const pixels = pixelsFromText(text)
  if (pixels === null) throw new StudioError('brokenLink')
  return { key: text, pixels, place: null, photo: own?.text === text ? own.photo : null }
}

async function dataSpecimen(image: string, signal: AbortSignal): Promise<Specimen> {
  const match = /^(train|test):(\d+)$/.exec(image)
  if (match === null) throw new StudioError('badImage', image)
  const path = `/api/data/${match[1]}/images/${match[2]}`
  const { split, index, label, class: name, pixels } = await request<Image>(path, { signal })
  return { key: image, pixels: Uint8Array.from(pixels), place: { split, index, label, name }, photo: null }
}
