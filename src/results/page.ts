/** RESULTS.md: a table to take in at a glance, then every model and recipe with all its seeds. */
import { formatPercent } from '../core/format.js'
import { wilsonInterval } from '../evaluate/interval.js'
import { type ModelName, modelNames, models, publishedOf } from '../models/index.js'
import { releaseFiles } from '../runs/released-weights.js'
import { groupSection } from './group-section.js'
import type { ResultGroup } from './groups.js'
import { code, intervalOr, minutes, percentOr, points, right, table } from './markdown.js'
import { otherEpochs } from './recordable.js'
import { PRETRAINED_FOLDER, type ReleasedModel } from './released.js'

const intro = `# Results

How often the four models are right on the 10,000 test images of Fashion-MNIST. \`atelier results\` writes this page from
the records in \`results/\`, nobody by hand: [docs/results.md](docs/results.md) says what a record holds, how
the figures are made of them and how a seed is added.

- Every figure is of one model by itself, with the weights of its last epoch (or their average, where the recipe says
  so), in f32 and without test-time augmentation. \`tuned\` was chosen on held-out training images
  ([how](results/recipes-log.md)), and each of its seeds is scored once. \`long\` was not: it grew in stages (\`long-54\`,
  \`long-120\`, \`long-192\`), each decided when the test figures of those before were known.
- The study's figures were probably had on the data set's first release, which reads about 0.4 points easier than the
  second, used here ([why](docs/data.md#the-two-releases)).
- The deviation is that of the sample (n - 1). The 95 % interval is Student's, of the mean over seeds, on these test
  images; of a single seed it is Wilson's, of that one figure over the 10,000 images.
- Train accuracy is the running value of the last epoch, on augmented images where the recipe augments. Hold-out
  accuracy is of training images that a run of the same recipe held out.`

/** The whole page. */
export function renderResults(groups: readonly ResultGroup[], released: readonly ReleasedModel[]): string {
  const sections = modelNames.map((model) =>
    modelSection(
      model,
      groups.filter((group) => group.model === model),
      released.find(({ config }) => config.model === model),
    ),
  )
  return `${[intro, glance(groups, released), ...sections].join('\n\n')}\n`
}

/** A column for each recipe: none is picked by what it scored. */
function glance(groups: readonly ResultGroup[], released: readonly ReleasedModel[]): string {
  const recipes = [...new Set(groups.filter(({ test }) => test !== null).map(({ recipe }) => recipe))]
  const columns = [
    { title: 'Model' },
    right('Published by the study'),
    ...(recipes.length === 0 ? [right('Ours')] : recipes.map((recipe) => right(`Ours, ${code(recipe)}`))),
    right('Released weights'),
  ]
  const rows = modelNames.map((model) => {
    const own = groups.filter((group) => group.model === model)
    const release = released.find(({ config }) => config.model === model)
    const ours = recipes.map((recipe) => meanAndDeviation(own.find((group) => group.recipe === recipe)))
    return [
      `[${code(model)}](#${model}): ${models[model].title}`,
      percentOr(publishedOf(model)?.testAccuracy),
      ...(ours.length === 0 ? ['-'] : ours),
      percentOr(release?.metrics.test.accuracy),
    ]
  })
  const note = 'Mean ± standard deviation over n seeds (n); where there is one seed, its figure.'
  return `## At a glance\n\n${table(columns, rows)}\n\n${note}`
}

function meanAndDeviation(group: ResultGroup | undefined): string {
  if (!group?.test) return '-'
  const { n, mean, deviation } = group.test
  const figure = deviation === null ? formatPercent(mean) : `${points(mean)} ± ${points(deviation)} %`
  const [first] = group.seeds
  const other = first === undefined ? null : otherEpochs(first.run)
  return `${figure} (${n}${other === null ? '' : `; ${other.trained} of ${other.own} epochs`})`
}

function modelSection(
  model: ModelName,
  groups: readonly ResultGroup[],
  release: ReleasedModel | undefined,
): string {
  const columns = [
    { title: 'Recipe' },
    right('Test accuracy'),
    right('Deviation'),
    right('n'),
    right('95 % interval'),
    right('Train accuracy'),
    right('Hold-out accuracy'),
    right('Epochs'),
    right('Minutes'),
  ]
  const rows = [
    ...publishedRows(model),
    ...groups.map(groupRow),
    ...(release === undefined ? [] : [releasedRow(release)]),
  ]
  const empty = groups.length === 0 ? ['No run has been recorded yet.'] : []
  return [`## ${model}`, table(columns, rows), ...empty, ...groups.map(groupSection)].join('\n\n')
}

/** None of a model that the study does not have. */
function publishedRows(model: ModelName): readonly (readonly string[])[] {
  const published = publishedOf(model)
  if (published === null) return []
  const { testAccuracy, trainAccuracy, validationAccuracy, epochs } = published
  const accuracies = [percentOr(trainAccuracy), percentOr(validationAccuracy)]
  return [["the study's own", percentOr(testAccuracy), '-', '1', '-', ...accuracies, String(epochs), '-']]
}

function groupRow({ recipe, seeds, heldOut, test, ...group }: ResultGroup): readonly string[] {
  const epochs = [...seeds, ...heldOut][0]?.metrics.training.epochs
  return [
    code(recipe),
    percentOr(test?.mean),
    test?.deviation == null ? '-' : points(test.deviation),
    String(seeds.length),
    intervalOr(group.interval),
    percentOr(group.trainAccuracy),
    percentOr(group.heldOutAccuracy),
    String(epochs ?? '-'),
    group.seconds === null ? '-' : minutes(group.seconds),
  ]
}

function releasedRow({ config, metrics: { test } }: ReleasedModel): readonly string[] {
  const { recipeName, seed } = config.training
  const card = `${PRETRAINED_FOLDER}/${config.model}/${releaseFiles.card}`
  const name = `[released weights](${card}): ${code(recipeName)}, seed ${seed}, in f16`
  const interval = intervalOr(wilsonInterval(test.correct, test.n))
  return [name, percentOr(test.accuracy), '-', '1', interval, '-', '-', '-', '-']
}
