/** Numbers as readers of a language write them. */
import { formatDuration } from '../../../src/core/format.js'

export interface Format {
  count(value: number): string
  /** Of a share in [0, 1]. */
  percent(share: number, digits?: number): string
  decimal(value: number, digits?: number): string
  /** A training may end within an epoch. */
  epochs(value: number): string
  /** Of seconds. */
  duration(seconds: number): string
}

export function formatIn(language: 'en' | 'vi'): Format {
  const locale = language === 'vi' ? 'vi-VN' : 'en-US'
  const fixed = (value: number, digits: number): string =>
    value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return {
    count: (value) => value.toLocaleString(locale, { maximumFractionDigits: 0 }),
    // The sign stays on the number's line.
    percent: (share, digits = 2) => `${fixed(100 * share, digits)}\u00a0%`,
    decimal: (value, digits = 4) => fixed(value, digits),
    epochs: (value) => value.toLocaleString(locale, { maximumFractionDigits: 2 }),
    duration: formatDuration,
  }
}
