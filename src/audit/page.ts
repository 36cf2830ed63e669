/** The audit as one HTML page: galleries of suspicious labels and near-duplicates, and the classes. */
import { formatCount, formatDuration, formatPercent } from '../core/format.js'
import type { Dataset } from '../data/dataset.js'
import { type Html, html } from '../page/html.js'
import { renderPage, type Section } from '../page/page.js'
import { packSheet, type Sheet, sheetStyle, tile, tileStyle } from '../page/sprite.js'
import { table } from '../page/tables.js'
import { type Audit, SHOWN } from './audit.js'
import type { SuspiciousLabel } from './confident-learning.js'
import { type Pair, type PairKind, type Place, pairKinds } from './duplicates.js'
import { labelOf, nameOf, pairTitles, splitNames } from './text.js'

/** Judging a label takes a larger look than the reports' pictures give; a pair lies side by side. */
const CSS = `
.tile{zoom:1.5}
.tiles.pairs li{width:auto;max-width:180px}
.tiles.pairs .tile{display:inline-block;margin-right:3px}
.differs{color:var(--vermilion);font-weight:600}
`

export async function renderAudit(audit: Audit, dataset: Dataset): Promise<string> {
  const { height, width } = dataset
  const sections: Section[] = []
  const styles = [CSS, tileStyle({ height, width })]
  const pack = async (name: string, pixels: Uint8Array): Promise<Sheet> => {
    const sheet = await packSheet({ pixels, height, width })
    styles.push(sheetStyle(name, sheet))
    return sheet
  }
  for (const split of ['train', 'test'] as const) {
    const suspects = audit.labels[split].suspects.slice(0, SHOWN)
    const places = suspects.map(({ index }) => ({ split, index }))
    const sheet = await pack(`labels-${split}`, pixelsOf(dataset, places))
    sections.push(labelsSection(audit, dataset, split, suspects, sheet))
  }
  for (const kind of pairKinds) {
    const pairs = audit.duplicates.nearest[kind]
    const places = pairs.flatMap(({ first, second }) => [first, second])
    const sheet = await pack(`pairs-${kind}`, pixelsOf(dataset, places))
    sections.push(pairsSection(dataset, kind, pairs, sheet))
  }
  const means = Uint8Array.from(audit.classes.train.flatMap(({ meanImage }) => [...meanImage]))
  sections.push(classesSection(audit, dataset, await pack('means', means)))
  return renderPage({
    title: 'Data audit',
    subtitle: `${dataset.directory}, ${formatCount(dataset.train.count)} training and ${formatCount(dataset.test.count)} test images`,
    sections,
    css: styles.join(''),
    footer: `Judged by ${audit.folds + 1} models in ${formatDuration(audit.seconds)}, seed ${audit.seed}. By Atelier.`,
  })
}

/** The images one after another, as listed. */
function pixelsOf(dataset: Dataset, places: readonly Place[]): Uint8Array {
  const size = dataset.height * dataset.width
  const pixels = new Uint8Array(places.length * size)
  places.forEach(({ split, index }, i) => {
    pixels.set(dataset[split].images.subarray(index * size, (index + 1) * size), i * size)
  })
  return pixels
}

function labelsSection(
  audit: Audit,
  { classes }: Dataset,
  split: 'train' | 'test',
  shown: readonly SuspiciousLabel[],
  sheet: Sheet,
): Section {
  const { images, suspects, estimatedErrors, agreement } = audit.labels[split]
  const items = shown.map(({ index, label, suggested, selfConfidence, suggestedConfidence }, i) => {
    const [given, better] = [classes[label] as string, classes[suggested] as string]
    const picture = tile(sheet, i, `${splitNames[split]} image ${index}, labelled ${given}`)
    return html`<li>${picture}${given}<br>${percent(selfConfidence)}<br><b>${better}?</b><br>${percent(suggestedConfidence)}<br><span class="note">image ${index}</span></li>`
  })
  const judge =
    split === 'train'
      ? `${audit.folds} quick models, each of which had not seen the images it judges,`
      : 'A quick model of all training images'
  const body = html`<p>${judge} agree${split === 'train' ? '' : 's'} with ${percent(agreement)} of the ${formatCount(images)} labels.
By confident learning about ${formatCount(estimatedErrors)} look wrong or doubtful; ${formatCount(suspects.length)} images are confidently
of another class. Shown are the ${shown.length} likeliest: the label, its probability, and the suggested class with its own.</p>
<ul class="tiles labels-${split}">${items}</ul>`
  return { id: `labels-${split}`, title: `Suspicious labels of ${splitNames[split]} images`, body }
}

function pairsSection(dataset: Dataset, kind: PairKind, pairs: readonly Pair[], sheet: Sheet): Section {
  const items = pairs.map(({ first, second, distance }, i) => {
    const pictures = [first, second].map((place, k) => tile(sheet, 2 * i + k, `Image ${nameOf(place)}`))
    return html`<li>${pictures}<br>${distance.toFixed(4)}<br>${labelsOf(dataset, first, second)}<br><span class="note">${nameOf(first)}, ${nameOf(second)}</span></li>`
  })
  const body = html`<p>The ${pairs.length} pairs that are most alike, with their distance: 0 for the same picture whatever its exposure,
1.41 for unrelated ones.</p>
<ul class="tiles pairs pairs-${kind}">${items}</ul>`
  return { id: `pairs-${kind}`, title: `Most alike: ${pairTitles[kind]}`, body }
}

function labelsOf(dataset: Dataset, first: Place, second: Place): Html {
  const [a, b] = [first, second].map((place) => dataset.classes[labelOf(dataset, place)] as string)
  return a === b ? html`${a ?? null}` : html`<span class="differs">${a ?? null} / ${b ?? null}</span>`
}

function classesSection({ classes, duplicates }: Audit, dataset: Dataset, means: Sheet): Section {
  const titles = ['Training', 'Test', 'Mean', 'Deviation', 'Ink']
  const columns = [
    { title: 'Class' },
    { title: 'Mean image' },
    ...titles.map((title) => ({ title, number: true })),
  ]
  const rows = dataset.classes.map((name, label) => {
    const [train, test] = [classes.train[label], classes.test[label]]
    const counts = [train, test].map((of) => formatCount(of?.count ?? 0))
    const numbers = [train?.mean, train?.deviation].map((value) => (value ?? 0).toFixed(3))
    return [name, tile(means, label, `Mean of ${name}`), ...counts, ...numbers, percent(train?.ink ?? 0)]
  })
  const equal = duplicates.exact.length
  const body = html`<p>${equal === 0 ? 'No two images have the same bytes.' : `${formatCount(equal)} groups of images have the same bytes.`}
Mean and deviation are of the training pixels in [0, 1]; ink is the share of them that are not zero.</p>
<div class="means">${table(null, columns, rows)}</div>`
  return { id: 'classes', title: 'Classes', body }
}

const percent = (share: number): string => formatPercent(share, 1)
