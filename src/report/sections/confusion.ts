/** The confusion matrix as a table whose cells open the images behind them. */
import { formatCount, formatPercent } from '../../core/format.js'
import { type Html, html, jsonScript } from '../../page/html.js'
import type { Section } from '../../page/page.js'
import { dataUri } from '../../page/sprite.js'
import { table } from '../../page/tables.js'
import { heatStep } from '../../page/theme.js'
import type { Evaluation } from '../../runs/formats/metrics.js'
import type { RunContent } from '../content.js'
import type { Cell } from '../selection.js'

const MOST_PAIRS = 10

export function confusionSection({ classes, test, cells }: RunContent): Section {
  const body = html`<p>Rows are true classes, columns the classes given. Open a number to see the images behind it; the
arrow keys move from number to number.</p>
<div class="columns">
${matrix(classes, test, cells)}
<div>${pairsTable(test)}</div>
</div>`
  return { id: 'confusion', title: 'Confusion matrix', body }
}

function matrix(
  classes: readonly string[],
  { confusion, perClass }: Evaluation,
  cells: readonly Cell[],
): Html {
  const numbers = new Map(cells.map(({ label, predicted }, number) => [`${label} ${predicted}`, number]))
  const rows = confusion.map((counts, label) => {
    const name = classes[label] as string
    const n = perClass[label]?.n ?? 0
    const row = counts.map((count, predicted) => {
      const number = numbers.get(`${label} ${predicted}`)
      // Zeros would hide where the errors are.
      if (number === undefined) return html`<td></td>`
      const what = label === predicted ? `${name} right` : `${name} taken for ${classes[predicted]}`
      const cell = `heat-${heatStep(count / n)}`
      const spoken = `${what}: ${count} images, ${formatPercent(count / n, 1)}`
      return html`<td><button type="button" class="${cell}" data-cell="${number}" aria-label="${spoken}" title="${spoken}">${count}</button></td>`
    })
    return html`<tr><th scope="row">${name}</th>${row}</tr>`
  })
  const heads = classes.map((name) => html`<th scope="col"><span>${name}</span></th>`)
  return html`<div class="scroll"><table class="matrix"><caption>Test images by true class and class given; colour: share of the true class</caption>
<colgroup><col class="names">${classes.map(() => html`<col>`)}</colgroup>
<thead><tr><td></td>${heads}</tr></thead>
<tbody>${rows}</tbody></table></div>`
}

function pairsTable({ confusedPairs }: Evaluation): Html {
  const columns = [
    { title: 'True class' },
    { title: 'Taken for' },
    { title: 'Images', number: true },
    { title: 'Of the class', number: true },
  ]
  const rows = confusedPairs
    .slice(0, MOST_PAIRS)
    .map(({ trueClass, predictedClass, count, share }) => [
      trueClass,
      predictedClass,
      formatCount(count),
      formatPercent(share, 1),
    ])
  return rows.length === 0
    ? html`<p>No image was classified wrongly.</p>`
    : table('Most confused', columns, rows)
}

/** The dialog, and what the script fills it with. Probabilities are in hundredths of a per cent. */
export function cellDialog({ classes, cells }: RunContent): Html {
  const perMyriad = (share: number): number => Math.round(10_000 * share)
  const data = {
    classes,
    cells: cells.map(({ label, predicted, count, images, sheet }) => ({
      label,
      predicted,
      count,
      images: images.map(({ index, confidence, labelProbability }) => [
        index,
        perMyriad(confidence),
        perMyriad(labelProbability),
      ]),
      columns: sheet.columns,
      rows: sheet.rows,
      sheet: dataUri(sheet.png),
    })),
  }
  return html`<dialog id="cell" aria-labelledby="cell-title">
<div class="head"><h2 id="cell-title"></h2><button type="button">Close</button></div>
<p class="note"></p><ul class="tiles"></ul>
</dialog>
${jsonScript('cells', data)}`
}
