/** A progress bar on stderr: one live line on a terminal; in a pipe only what `finish` says. */
import { formatDuration } from '../core/format.js'

export interface ProgressState {
  readonly label: string
  readonly done: number
  readonly total: number
  /** Shown as `name value`, in this order; the last are left out first where the line is too short. */
  readonly fields: Readonly<Record<string, string>>
  /** Since the start, in seconds. */
  readonly elapsed: number
}

export interface Progress {
  /** Shows how far it is; a field `left` replaces the time left that the bar would reckon. */
  update(done: number, fields?: Readonly<Record<string, string>>): void
  /** Takes the bar away and, where given, leaves a line in its place. */
  finish(line?: string): void
}

/** What progress is written to. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>

const repaintMilliseconds = 100
const [narrowestBar, widestBar] = [10, 30]

export function createProgress(
  { total, label }: { readonly total: number; readonly label: string },
  stream: ProgressStream = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  const start = now()
  let painted = Number.NEGATIVE_INFINITY
  return {
    update(done, fields = {}) {
      const time = now()
      if (!stream.isTTY || (time - painted < repaintMilliseconds && done < total)) return
      painted = time
      const state = { label, done, total, fields, elapsed: (time - start) / 1000 }
      // One column less than there are: a full line would wrap on some terminals.
      stream.write(`\r${renderProgress(state, (stream.columns || 80) - 1)}\x1b[K`)
    },
    finish(line) {
      if (painted > Number.NEGATIVE_INFINITY) stream.write('\r\x1b[K')
      if (line !== undefined) stream.write(`${line}\n`)
    },
  }
}

/** The line of at most `width` characters: label, percentage, bar and fields, as far as they fit. */
export function renderProgress(
  { label, done, total, fields, elapsed }: ProgressState,
  width: number,
): string {
  const share = total > 0 ? Math.min(done / total, 1) : 1
  const percent = `${Math.floor(100 * share)} %`.padStart(5)
  const left = formatDuration(share > 0 ? (elapsed * (1 - share)) / share : Number.POSITIVE_INFINITY)
  const all = 'left' in fields ? fields : { ...fields, left }
  const head = label === '' ? percent : `${label} ${percent}`
  let parts = Object.entries(all).map(([name, value]) => `${name} ${value}`)
  const room = (): number => width - [head, ...parts].join('  ').length - 2
  while (parts.length > 0 && room() < narrowestBar) parts = parts.slice(0, -1)
  if (room() < narrowestBar) return head.slice(0, width)
  return [head, drawBar(share, Math.min(room(), widestBar)), ...parts].join('  ')
}

function drawBar(share: number, width: number): string {
  const full = Math.round(share * width)
  return '━'.repeat(full) + '─'.repeat(width - full)
}
