import { describe, expect, it } from 'vitest'
import { colors, heat, heatStep, heatTurn, themed } from './theme.js'

/** Relative luminance, and contrast, of WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

describe.each(['light', 'dark'] as const)('colours on %s ground', (theme) => {
  const of = (name: keyof typeof colors): string => colors[name][theme]

  it('let texts be read', () => {
    for (const ground of ['surface', 'raised'] as const) {
      for (const text of ['ink', 'muted', 'link'] as const) {
        expect(contrast(of(text), of(ground)), `${text} on ${ground}`).toBeGreaterThan(4.5)
      }
    }
  })

  it('let curves and bars be seen', () => {
    for (const name of ['blue', 'vermilion', 'green', 'orange', 'purple'] as const) {
      expect(contrast(of(name), of('surface')), name).toBeGreaterThan(3)
    }
  })

  it('let the numbers of a heat map be read, ever stronger', () => {
    const strengths = heat.map((shade, step) => {
      const text = of(step >= heatTurn ? 'surface' : 'ink')
      expect(contrast(text, shade[theme]), `step ${step}`).toBeGreaterThan(4.5)
      return contrast(shade[theme], of('surface'))
    })
    expect(strengths).toEqual([...strengths].sort((a, b) => a - b))
  })
})

describe('heatStep', () => {
  it('keeps step 0 for nothing, and spreads small shares', () => {
    expect([0, 1e-6, 0.01, 0.09, 0.25, 1].map(heatStep)).toEqual([0, 1, 1, 3, 5, 10])
  })
})

describe('themed', () => {
  it('finds every colour of a plot again', () => {
    const names = Object.keys(colors)
    expect(new Set(Object.values(colors).map(({ light }) => light)).size).toBe(names.length)
    const svg = Object.values(colors).map(({ light }) => `<path fill="${light}"/>`)
    expect(themed(svg.join(''))).toBe(names.map((name) => `<path fill="var(--${name})"/>`).join(''))
  })
})
