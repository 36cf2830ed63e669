/** Everything recorded of one model and recipe. */
import { formatCount, formatPercent } from '../core/format.js'
import { models } from '../models/index.js'
import { RESULTS_FOLDER } from './files.js'
import { type ResultGroup, testAccuracy } from './groups.js'
import { code, minutes, percentOr, right, table } from './markdown.js'
import type { ResultRecord } from './record.js'
import { HELD_OUT_CHANGES, otherEpochs, ownRecipe, sameRecipe } from './recordable.js'
import { commandFor } from './repeat.js'

export function groupSection(group: ResultGroup): string {
  const { model, recipe } = group
  const notes = notesOn(group).map((note) => `- ${note}`)
  return [`### ${model} by ${recipe}`, notes.join('\n'), commands(group), seedTable(group)].join('\n\n')
}

function notesOn(group: ResultGroup): readonly string[] {
  const { model, seeds, heldOut, ensembleAccuracy } = group
  const all = [...seeds, ...heldOut]
  const intended = models[model].seeds
  const fewer = seeds.length < intended ? `, fewer than the ${intended} intended` : ''
  return [
    `Seeds: ${seeds.map(({ run }) => run.seed).join(', ') || 'none'} (n = ${seeds.length}${fewer}).`,
    ...epochNotes(all),
    ...changeNotes(all),
    ...(ensembleAccuracy === null ? [] : [ensembleNote(seeds.length, ensembleAccuracy)]),
    `Hardware: ${said(all, ({ run }) => `${run.machine.cpu}, ${run.engine.description}; trained in ${run.precision}`)}.`,
    `Revision: ${said(all, ({ run }) => revisionOf(run.revision))}.`,
    ...(all.some(({ run }) => run.note !== undefined) ? [said(all, ({ run }) => run.note ?? '')] : []),
  ]
}

const ensembleNote = (networks: number, accuracy: number): string =>
  `As an ensemble, the mean of the ${networks} networks' probabilities: ${formatPercent(accuracy)}, at ${networks} times the work.`

const revisionOf = (revision: string | null): string =>
  revision === null ? 'not recorded' : revision.replace(/^(\w{12})\w*/, (_, short: string) => code(short))

/** Runs that were cut short, or went on longer than their recipe. */
function epochNotes([first]: readonly ResultRecord[]): readonly string[] {
  if (first === undefined) return []
  const other = otherEpochs(first.run)
  if (other === null) return []
  const { trained, own } = other
  const compared = trained < own ? `cut short: ${trained} of` : `${trained} epochs instead of`
  return [`Not the whole recipe, ${compared} its ${own} epochs.`]
}

function changeNotes([first]: readonly ResultRecord[]): readonly string[] {
  if (first === undefined) return []
  const own = ownRecipe(first.run)
  if (own === null) return ['A recipe from a file: its values are in each run.json.']
  if (sameRecipe(own, first.run.recipe, ['epochs', ...HELD_OUT_CHANGES])) return []
  return [
    'The recipe has been changed since: its values then are in each run.json, and the commands want the revision below.',
  ]
}

/** What all runs have in common, or what each has. */
function said(records: readonly ResultRecord[], of: (record: ResultRecord) => string): string {
  const names = new Map<string, string[]>()
  for (const record of records) {
    const name = `seed ${record.run.seed}${record.heldOut ? ' held out' : ''}`
    names.set(of(record), [...(names.get(of(record)) ?? []), name])
  }
  if (names.size === 1) return [...names.keys()].join()
  return Array.from(names, ([text, which]) => `${text} (${which.join(', ')})`).join('; ')
}

/** The first run of each kind; the others are the same with other seeds. */
function commands({ seeds, heldOut }: ResultGroup): string {
  const lines = [seeds, heldOut].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const more =
      others.length === 0 ? '' : `  # and with --seed ${others.map(({ run }) => run.seed).join(', ')}`
    return [`${commandFor(first.run)}${more}`]
  })
  return ['```sh', ...lines, '```'].join('\n')
}

function seedTable({ seeds, heldOut }: ResultGroup): string {
  const columns = [
    { title: 'Run' },
    right('Learned from'),
    right('Test accuracy'),
    right('Log loss'),
    right('Train accuracy'),
    right('Hold-out accuracy'),
    right('Minutes'),
  ]
  return table(columns, [...seeds, ...heldOut].map(seedRow))
}

function seedRow(record: ResultRecord): readonly string[] {
  const { place, run, metrics, heldOut, heldOutAccuracy } = record
  return [
    `[seed ${run.seed}${heldOut ? ', images held out' : ''}](${RESULTS_FOLDER}/${place}/)`,
    formatCount(run.trainImages),
    formatPercent(testAccuracy(record)),
    metrics.test.loss.toFixed(4),
    formatPercent(metrics.training.accuracy),
    percentOr(heldOutAccuracy),
    minutes(metrics.training.seconds),
  ]
}
