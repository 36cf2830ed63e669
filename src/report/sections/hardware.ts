/** On what it ran, and how fast. */
import { formatCount, spokenDuration } from '../../core/format.js'
import { html } from '../../page/html.js'
import type { Section } from '../../page/page.js'
import { pairs } from '../../page/tables.js'
import type { RunContent } from '../content.js'

export function hardwareSection({ run, history }: RunContent): Section {
  const { machine, engine, precision } = run.record
  const seconds = history.reduce((sum, row) => sum + row.seconds, 0)
  const images = history.reduce((sum, row) => sum + row.images_per_second * row.seconds, 0)
  const epochs = history.at(-1)?.epoch ?? 0
  const speeds = history.map((row) => row.images_per_second)
  const mean = (sum: number, count: number): number => (count === 0 ? 0 : sum / count)
  const rate = (speed: number): string => `${formatCount(Math.round(speed))} images a second`
  const body = html`<div class="columns">
${pairs('Hardware', [
  ['Processor', machine.cpu],
  ['Engine', engine.description],
  ['Threads', String(engine.threads)],
  ['Precision', precision],
  ['System', machine.platform],
  ['Node', machine.node],
  ['Atelier', machine.atelier],
])}
${pairs('Timing, training alone', [
  ['In all', spokenDuration(seconds)],
  ['An epoch', `${mean(seconds, epochs).toFixed(2)} s`],
  ['Mean speed', rate(mean(images, seconds))],
  ['Slowest epoch', rate(speeds.length === 0 ? 0 : Math.min(...speeds))],
  ['Fastest epoch', rate(speeds.length === 0 ? 0 : Math.max(...speeds))],
])}
</div>`
  return { id: 'hardware', title: 'Hardware and timing', body }
}
