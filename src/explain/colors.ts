/**
 * The colour map inferno (S. van der Walt and N. Smith, matplotlib): from black over purple and orange to yellow, ever
 * lighter, so that order and amount are seen by the colour-blind and in print alike.
 */
type Rgb = readonly [red: number, green: number, blue: number]

/** At 0, 0.1, ..., 1. */
const stops: readonly Rgb[] = [
  [0, 0, 4],
  [22, 11, 57],
  [66, 10, 104],
  [106, 23, 110],
  [147, 38, 103],
  [188, 55, 84],
  [221, 81, 58],
  [243, 120, 25],
  [252, 165, 10],
  [246, 215, 70],
  [252, 255, 164],
]

/** The colour of a share in [0, 1], bytes. */
export function inferno(share: number): Rgb {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1)
  const before = Math.min(Math.floor(place), stops.length - 2)
  return mixed(stops[before] as Rgb, stops[before + 1] as Rgb, place - before)
}

/** Between two colours, `share` of the way to the second. */
export function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  const between = (i: 0 | 1 | 2): number => Math.round(from[i] + share * (to[i] - from[i]))
  return [between(0), between(1), between(2)]
}

export const gray = (value: number): Rgb => [value, value, value]

/** `#rrggbb`. */
export const hex = (color: Rgb): string =>
  `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`
