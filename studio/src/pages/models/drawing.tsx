import { useMemo } from 'react'
import type { ColorName } from '../../../../src/page/theme.js'
import type { Layer } from '../../../../src/server/schemas/models.js'
import { useTexts } from '../../settings.js'
import { type Box, type Edge, layOut } from './drawing-layout.js'

const opColors: Readonly<Record<string, ColorName>> = {
  conv2d: 'blue',
  dense: 'vermilion',
  batchNormalization: 'green',
  maxPooling2d: 'orange',
  globalAveragePooling2d: 'orange',
  add: 'purple',
}
const colorOf = (op: string): string => `var(--${opColors[op] ?? 'muted'})`

/** The middle of the boxes, and where names begin below them. */
const [MIDDLE, BELOW] = [110, 205] as const
/** Of names: degrees that they slope, and pixels that a letter takes to the right and down. */
const [SLOPE, RIGHT, DOWN] = [58, 3.6, 5.8] as const

/** Pixels of a drawing that holds all names. */
function extentOf(boxes: readonly Box[]): { readonly width: number; readonly height: number } {
  const ends = boxes.map(({ x, width, layer }) => x + width + RIGHT * layer.name.length)
  const longest = Math.max(...boxes.map(({ layer }) => layer.name.length))
  return { width: Math.max(...ends), height: BELOW + 12 + DOWN * longest }
}

/** The network from left to right. */
export function Drawing({ layers }: { readonly layers: readonly Layer[] }) {
  const texts = useTexts().models
  const { boxes, edges } = useMemo(() => layOut(layers), [layers])
  const { width, height } = extentOf(boxes)
  const ops = [...new Set(layers.map(({ op }) => op))]
  const shades = [...new Set(ops.map(colorOf))]
  return (
    <>
      <ul className="legend plain small">
        {shades.map((shade) => (
          <li key={shade}>
            <i style={{ background: shade }} /> {ops.filter((op) => colorOf(op) === shade).join(', ')}
          </li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroll drawing" aria-label={texts.drawing} tabIndex={0}>
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={texts.drawingAlt(layers.length)}
        >
          {edges.map((edge) => (
            <Line key={`${edge.from.layer.name} ${edge.to.layer.name}`} edge={edge} />
          ))}
          {boxes.map((box) => (
            <Slab key={box.layer.name} box={box} />
          ))}
        </svg>
      </section>
    </>
  )
}

function Slab({ box: { layer, x, width, height } }: { readonly box: Box }) {
  const middle = x + width / 2
  return (
    <g>
      <title>{`${layer.name}: ${layer.shape.join(' × ')}`}</title>
      <rect x={x} y={MIDDLE - height / 2} width={width} height={height} rx={2} fill={colorOf(layer.op)} />
      <text
        transform={`translate(${middle + 4} ${BELOW}) rotate(${SLOPE})`}
        fontSize={11}
        fill="var(--muted)"
        aria-hidden
      >
        {layer.name}
      </text>
    </g>
  )
}

function Line({ edge: { from, to, leaps } }: { readonly edge: Edge }) {
  const [start, end] = [from.x + from.width, to.x]
  const path = leaps
    ? `M${start - from.width / 2} ${MIDDLE - from.height / 2} C${start} 0 ${end} 0 ${end + to.width / 2} ${MIDDLE - to.height / 2}`
    : `M${start} ${MIDDLE}H${end}`
  return <path d={path} fill="none" stroke={leaps ? 'var(--purple)' : 'var(--muted)'} strokeWidth={1.5} />
}
