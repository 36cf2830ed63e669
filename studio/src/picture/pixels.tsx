import { useEffect, useRef } from 'react'
import type { Painting } from './paint.js'

interface Props {
  readonly painting: Painting
  /** What it shows; empty for pictures whose caption says it all. */
  readonly label: string
  readonly className?: string
}

/** A painting at its own resolution, enlarged without smoothing. */
export function Pixels({ painting, label, className = 'pixels' }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height, data } = painting
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
  }, [data, width, height])
  const name = label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return <canvas ref={canvas} width={width} height={height} className={className} {...name} />
}
