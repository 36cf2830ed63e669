import { type PointerEvent, useEffect, useRef } from 'react'
import type { Picture } from '../../../../src/photo/raster.js'
import { pictureOf } from '../../picture/decode.js'
import { useTexts } from '../../settings.js'

const SIDE = 280
const BRUSH = 20

/** A black ground to draw on in white, as the data set's garments are: what is drawn is classified at each lift. */
export default function DrawPad({ onDrawn }: { readonly onDrawn: (picture: Picture) => void }) {
  const texts = useTexts().try
  const canvas = useRef<HTMLCanvasElement>(null)
  const last = useRef<readonly [number, number] | null>(null)
  const context = (): CanvasRenderingContext2D | null =>
    canvas.current?.getContext('2d', { willReadFrequently: true }) ?? null
  const clear = (): void => {
    context()?.fillRect(0, 0, SIDE, SIDE)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, at the start
  useEffect(clear, [])
  const line = (event: PointerEvent<HTMLCanvasElement>): void => {
    const pen = context()
    if (pen === null || last.current === null) return
    const point = placeOf(event)
    pen.strokeStyle = '#fff'
    pen.lineWidth = BRUSH
    pen.lineCap = 'round'
    pen.beginPath()
    pen.moveTo(...last.current)
    pen.lineTo(...point)
    pen.stroke()
    last.current = point
  }
  const begin = (event: PointerEvent<HTMLCanvasElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId)
    last.current = placeOf(event)
    line(event)
  }
  const end = (): void => {
    if (last.current === null || canvas.current === null) return
    last.current = null
    onDrawn(pictureOf(canvas.current, SIDE, SIDE))
  }
  return (
    <div className="pad">
      <canvas
        ref={canvas}
        width={SIDE}
        height={SIDE}
        role="img"
        aria-label={texts.pad}
        onPointerDown={begin}
        onPointerMove={line}
        onPointerUp={end}
        onPointerCancel={end}
      />
      <div className="section">
        <p className="muted small">{texts.padHint}</p>
        <div className="buttons">
          <button type="button" className="button" onClick={clear}>
            {texts.clear}
          </button>
        </div>
      </div>
    </div>
  )
}

/** In the canvas's own pixels. */
function placeOf({ currentTarget, clientX, clientY }: PointerEvent<HTMLCanvasElement>) {
  const { left, top, width, height } = currentTarget.getBoundingClientRect()
  return [((clientX - left) * SIDE) / width, ((clientY - top) * SIDE) / height] as const
}
