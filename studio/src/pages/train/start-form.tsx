/** Chooses a model and a recipe, every value of it explained, and starts. */
import { type FormEvent, useState } from 'react'
import type { Recipe } from '../../../../src/recipes/recipe.js'
import type { Recipes, StartTraining, Training } from '../../../../src/server/schemas/trainings.js'
import { request } from '../../api/client.js'
import { useApi } from '../../api/use-load.js'
import { Select } from '../../components/choices.js'
import { CopyLink } from '../../components/copy-link.js'
import { Awaited, Failed } from '../../components/states.js'
import { navigate, usePlace, useQueryChange } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { useServerTexts } from '../../text/server-texts.js'
import { StudioError } from '../../text/studio-error.js'
import { useMessageOf } from '../../text/use-message.js'
import { NumberField } from './number-field.js'
import { RecipeFields } from './recipe-fields.js'
import { addressOf, changesOf, typedIn } from './recipe-values.js'
import { trainingPath } from './training-table.js'

export function StartForm() {
  const texts = useTexts().train
  const recipes = useApi<Recipes>('/api/recipes')
  return (
    <section className="section" aria-labelledby="start">
      <h2 id="start">{texts.start}</h2>
      <Awaited of={recipes}>{(value) => <Form recipes={value} />}</Awaited>
    </section>
  )
}

interface Chosen {
  readonly model: Recipes['models'][number]
  readonly recipe: { readonly name: string; readonly values: Recipe }
}

/** What the address asks for, or the first of each. */
function useChosen({ models }: Recipes): Chosen {
  const { query } = usePlace()
  const model = models.find((one) => one.model === query.get('model')) ?? models[0]
  const recipe = model?.recipes.find(({ name }) => name === query.get('recipe')) ?? model?.recipes[0]
  if (model === undefined || recipe === undefined) throw new StudioError('noRecipes')
  return { model, recipe }
}

function Form({ recipes }: { readonly recipes: Recipes }) {
  const texts = useTexts().train
  const { query } = usePlace()
  const change = useQueryChange()
  const chosen = useChosen(recipes)
  const typed = typedIn(query.get('set') ?? '')
  const { failure, busy, start } = useStart()
  const changes = changesOf(chosen.recipe.values, typed)
  // What a link changes is to be seen; later it is the visitor who opens and closes.
  const [changedAtFirst] = useState(changes.length > 0)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const limit = query.get('limit') ?? ''
    start({
      model: chosen.model.model,
      recipe: chosen.recipe.name as NonNullable<StartTraining['recipe']>,
      seed: Number(query.get('seed') || 1),
      set: changes,
      limit: limit === '' ? null : Number(limit),
    })
  }
  return (
    <form className="section" onSubmit={submit}>
      <ModelAndRecipe recipes={recipes} chosen={chosen} />
      <details open={changedAtFirst}>
        <summary>{texts.values(changes.length)}</summary>
        <RecipeFields
          recipe={chosen.recipe.values}
          fields={recipes.fields}
          typed={typed}
          onType={(key, text) => change({ set: addressOf(new Map(typed).set(key, text)) }, { replace: true })}
        />
      </details>
      {failure && <Failed message={failure} />}
      <div className="buttons">
        <button type="submit" className="button primary" disabled={busy}>
          {texts.go}
        </button>
        <CopyLink />
        <span className="muted small">{texts.goHint}</span>
      </div>
    </form>
  )
}

function useStart() {
  const messageOf = useMessageOf()
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const start = (json: StartTraining): void => {
    setBusy(true)
    request<Training>('/api/trainings', { method: 'POST', json }).then(
      ({ id }) => navigate(trainingPath(id)),
      (error: unknown) => {
        setFailure(error)
        setBusy(false)
      },
    )
  }
  return { failure: failure === null ? null : messageOf(failure), busy, start }
}

function ModelAndRecipe({ recipes, chosen }: { readonly recipes: Recipes; readonly chosen: Chosen }) {
  const texts = useTexts().train
  const serverTexts = useServerTexts()
  const format = useFormat()
  const change = useQueryChange()
  const { model, title, parameters } = chosen.model
  const known: Readonly<Record<string, string>> = texts.recipes
  return (
    <div className="form-grid">
      <div className="field">
        <Select
          label={texts.model}
          value={model}
          options={recipes.models.map((one) => ({ value: one.model, label: one.model }))}
          onChange={(value) => change({ model: value }, { replace: true })}
        />
        <span className="hint">
          {serverTexts.title(model, title)}, {texts.parameters(format.count(parameters))}
        </span>
      </div>
      <div className="field">
        <Select
          label={texts.recipe}
          value={chosen.recipe.name}
          options={chosen.model.recipes.map(({ name }) => ({ value: name, label: name }))}
          onChange={(recipe) => change({ recipe }, { replace: true })}
        />
        <span className="hint">{known[chosen.recipe.name]}</span>
      </div>
      <NumberField name="seed" label={texts.seed} hint={texts.seedHint} own="1" min={0} />
      <NumberField name="limit" label={texts.limit} hint={texts.limitHint} own="" min={1} />
    </div>
  )
}
