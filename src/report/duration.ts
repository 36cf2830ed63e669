/** Durations with their units. */
import { formatDuration } from '../core/format.js'

/** `1.9 s`, `12 min 5 s`, `2 h 5 min`, `3 d 4 h`. */
export function spokenDuration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : formatDuration(seconds)
}
