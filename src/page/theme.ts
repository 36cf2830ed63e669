/** The colours of pages and plots, for light and for dark surroundings. */

interface Shade {
  readonly light: string
  readonly dark: string
}

/**
 * The series' colours are those of Okabe and Ito, which the colour-blind tell apart, where needed darker on light
 * ground, and lighter on dark ground. No two light ones are equal: they are how a plot's colours are found again.
 */
export const colors = {
  surface: { light: '#ffffff', dark: '#14171a' },
  raised: { light: '#f5f6f7', dark: '#1e2226' },
  ink: { light: '#1a1d21', dark: '#e8eaed' },
  muted: { light: '#575d65', dark: '#a3abb5' },
  line: { light: '#d8dce1', dark: '#363c43' },
  link: { light: '#00599c', dark: '#7cc4f5' },
  blue: { light: '#0072b2', dark: '#56b4e9' },
  vermilion: { light: '#d55e00', dark: '#ff8f45' },
  green: { light: '#009e73', dark: '#33c79b' },
  orange: { light: '#b37700', dark: '#f0b93a' },
  purple: { light: '#b5578f', dark: '#e59ac6' },
} as const satisfies Readonly<Record<string, Shade>>
export type ColorName = keyof typeof colors

/** What plots are drawn with; `themed` puts the page's variables in the place of these. */
export const plotColor = (name: ColorName): string => colors[name].light

/** From nothing to all: one hue, ever darker on light ground and ever lighter on dark ground. */
export const heat: readonly Shade[] = [
  { light: '#f3f6fa', dark: '#1a1f25' },
  { light: '#dfeaf6', dark: '#1b2b3d' },
  { light: '#c8ddf0', dark: '#1c3852' },
  { light: '#abd0e6', dark: '#1d4667' },
  { light: '#88bedc', dark: '#1f567e' },
  { light: '#63a8d3', dark: '#256897' },
  { light: '#2b7ab8', dark: '#3f8fc8' },
  { light: '#1f6cab', dark: '#549fd3' },
  { light: '#145c9c', dark: '#74b3df' },
  { light: '#084a8e', dark: '#93c4ea' },
  { light: '#08306b', dark: '#c3e0f6' },
]

/** On steps from this on, text takes the colour of the ground. */
export const heatTurn = 6

/**
 * The step of a share in [0, 1]. The square root spreads the small shares, where a good model's mistakes are; only
 * nothing has step 0.
 */
export function heatStep(share: number): number {
  if (share <= 0) return 0
  return Math.max(1, Math.round(Math.sqrt(share) * (heat.length - 1)))
}

/** CSS variables: `--ink` and so on, `--heat-0` and so on. */
export function colorVariables(): string {
  const named = Object.entries(colors).map(([name, shade]) => variable(name, shade))
  const steps = heat.map((shade, step) => variable(`heat-${step}`, shade))
  return [...named, ...steps].join('')
}

const variable = (name: string, { light, dark }: Shade): string => `--${name}:light-dark(${light},${dark});`

/** A plot's SVG for a page: the page's variables for its colours, the page's font for its own. */
export function themed(svg: string): string {
  const recolored = Object.entries(colors).reduce(
    (text, [name, { light }]) => text.replaceAll(`="${light}"`, `="var(--${name})"`),
    svg,
  )
  return recolored.replaceAll('font-family:sans-serif;', '')
}
