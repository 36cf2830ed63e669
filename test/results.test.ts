/** What the repository says of its results is what its records say, and they name no one's machine. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { chooseRecipe } from '../src/recipes/choose.js'
import { recipeSchema } from '../src/recipes/recipe.js'
import { resultPages } from '../src/results/write.js'

const filesBelow = (folder: string, ending = ''): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith(ending) && statSync(path).isFile())

it('RESULTS.md and the model cards are what `atelier results` writes', async () => {
  const pages = await resultPages('.')
  expect(pages.size).toBeGreaterThan(1)
  for (const [path, text] of pages) expect(readFileSync(path, 'utf8'), path).toBe(text)
})

it('no record names a path', () => {
  const files = [...filesBelow('results', '.json'), ...filesBelow('pretrained', '.json')]
  expect(files.length).toBeGreaterThan(1)
  const path = /"(?:[^"]*[\s=])?(?:\/|~\/|[A-Za-z]:\\\\)[^"]*"/
  for (const file of files) expect(readFileSync(file, 'utf8').match(path)?.[0], file).toBeUndefined()
})

it.each(filesBelow('results', 'run.json').filter((file) => /long-\d+/.test(file)))(
  'the recipe file in examples/ has the values of %s',
  async (file) => {
    const record = JSON.parse(readFileSync(file, 'utf8'))
    const { recipe } = await chooseRecipe(`examples/${record.recipeName}.json`, 'resnet50')
    expect(recipeSchema.parse(record.recipe)).toEqual(recipe)
  },
)

it('the released weights stay below 100 MB', () => {
  const bytes = filesBelow('pretrained').reduce((sum, path) => sum + statSync(path).size, 0)
  expect(bytes).toBeLessThan(100e6)
})
