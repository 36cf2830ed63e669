/** The mistakes that the model was surest of: often labels that are wrong themselves. */
import { formatCount, formatPercent } from '../../core/format.js'
import { html } from '../../page/html.js'
import type { Section } from '../../page/page.js'
import { tile } from '../../page/sprite.js'
import type { RunContent } from '../content.js'

export function mistakesSection({ classes, mistakes, mistakesSheet, test }: RunContent): Section {
  const items = mistakes.map(({ index, label, predicted, confidence, labelProbability }, position) => {
    const [truth, given] = [classes[label] as string, classes[predicted] as string]
    const picture = tile(mistakesSheet, position, `Test image ${index}, ${truth}`)
    return html`<li>${picture}<b>${given}</b><br>${formatPercent(confidence, 1)}<br>true: ${truth}<br>${formatPercent(labelProbability, 1)}<br><span class="note">image ${index}</span></li>`
  })
  const wrong = test.n - test.correct
  const body =
    items.length === 0
      ? html`<p>No image was classified wrongly.</p>`
      : html`<p>The ${items.length} of the ${formatCount(wrong)} wrongly classified test images whose wrong class got the
highest probability, the highest first. Some of their labels may be wrong themselves.</p>
<ul class="tiles mistakes">${items}</ul>`
  return { id: 'mistakes', title: 'Most confident mistakes', body }
}
