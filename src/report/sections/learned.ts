/** What went into the model, and what its first layer made of it. */

import { type Html, html } from '../../page/html.js'
import type { Section } from '../../page/page.js'
import { dataUri, tile } from '../../page/sprite.js'
import type { RunContent } from '../content.js'

export function batchesSection({ run, classes, seen, seenSheet }: RunContent): Section {
  const { augmentation, batch } = run.record.recipe
  const name = (label: number): string => classes[label] as string
  const first = seen.batch.map(
    (label, position) => html`<li>${tile(seenSheet, position, `${name(label)} as the model saw it`)}</li>`,
  )
  const part =
    seen.batch.length < batch ? `The first ${seen.batch.length} images of the` : 'The images of the'
  const changed = augmentation ? ', augmented as the recipe says' : '; this recipe changes no images'
  const body = html`<p>${part} first batch of epoch 1, in their order${changed}. The same seed gives the same images.</p>
<ul class="tiles batch seen">${first}</ul>
${seen.rows.length === 0 ? null : epochTable({ classes, seen, seenSheet })}`
  return { id: 'batches', title: 'What the model saw', body }
}

function epochTable({ classes, seen, seenSheet }: Pick<RunContent, 'classes' | 'seen' | 'seenSheet'>): Html {
  const { batch, rows, epochs } = seen
  const heads = ['as it is', ...epochs.map((epoch) => `epoch ${epoch}`)]
  const body = rows.map((label, row) => {
    const name = classes[label] as string
    const cells = heads.map((head, i) => {
      const position = batch.length + row * heads.length + i
      return html`<td>${tile(seenSheet, position, `${name}, ${head}`)}</td>`
    })
    return html`<tr><th scope="row">${name}</th>${cells}</tr>`
  })
  return html`<h3>The same images, epoch after epoch</h3>
<div class="scroll"><table class="epochs seen"><thead><tr><td></td>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${body}</tbody></table></div>`
}

/** Null for models without a convolution over the image. */
export function filtersSection({ filters }: RunContent): Section | null {
  if (filters === null) return null
  const { layer, count, height, width, largest, png, pixels } = filters
  const alt = `${count} filters of ${height} x ${width} weights, drawn as small squares`
  const body = html`<p>The ${count} filters of ${height} × ${width} weights of <code>${layer}</code>, the first convolution.
Blue weights are negative, near-white ones about zero, orange ones positive; the strongest colours are
±${largest.toPrecision(3)}. Filters with an edge between blue and orange answer to edges in that direction.</p>
<figure class="filters"><img alt="${alt}" width="${pixels.width}" height="${pixels.height}" src="${dataUri(png)}"></figure>`
  return { id: 'filters', title: 'First-layer filters', body }
}
