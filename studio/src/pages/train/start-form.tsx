/** Chooses a model and a recipe, every value of it explained, and starts. */
import { type FormEvent, useId, useState } from 'react'
import type { Recipes, StartTraining, Training } from '../../../../src/server/schemas/trainings.js'
import type { Recipe } from '../../../../src/train/recipe.js'
import { messageOf, request } from '../../api/client.js'
import { useApi } from '../../api/use-load.js'
import { Select } from '../../components/choices.js'
import { Awaited, Failed } from '../../components/states.js'
import { navigate, usePlace, useQueryChange } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { RecipeFields } from './recipe-fields.js'
import { changesOf } from './recipe-values.js'
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
  if (model === undefined || recipe === undefined) throw new Error('The server knows no recipes.')
  return { model, recipe }
}

function Form({ recipes }: { readonly recipes: Recipes }) {
  const texts = useTexts().train
  const chosen = useChosen(recipes)
  const [typed, setTyped] = useState<ReadonlyMap<string, string>>(new Map())
  const { failure, busy, start } = useStart()
  const changes = changesOf(chosen.recipe.values, typed)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const limit = String(form.get('limit') ?? '')
    start({
      model: chosen.model.model,
      recipe: chosen.recipe.name as NonNullable<StartTraining['recipe']>,
      seed: Number(form.get('seed') || 1),
      set: changes,
      limit: limit === '' ? null : Number(limit),
    })
  }
  return (
    <form className="section" onSubmit={submit}>
      <ModelAndRecipe recipes={recipes} chosen={chosen} />
      <details>
        <summary>{texts.values(changes.length)}</summary>
        <RecipeFields
          recipe={chosen.recipe.values}
          fields={recipes.fields}
          typed={typed}
          onType={(key, text) => setTyped(new Map(typed).set(key, text))}
        />
      </details>
      {failure && <Failed message={failure} />}
      <div className="buttons">
        <button type="submit" className="button primary" disabled={busy}>
          {texts.go}
        </button>
        <span className="muted small">{texts.goHint}</span>
      </div>
    </form>
  )
}

function useStart() {
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const start = (json: StartTraining): void => {
    setBusy(true)
    request<Training>('/api/trainings', { method: 'POST', json }).then(
      ({ id }) => navigate(trainingPath(id)),
      (error: unknown) => {
        setFailure(messageOf(error))
        setBusy(false)
      },
    )
  }
  return { failure, busy, start }
}

function ModelAndRecipe({ recipes, chosen }: { readonly recipes: Recipes; readonly chosen: Chosen }) {
  const texts = useTexts().train
  const format = useFormat()
  const change = useQueryChange()
  const known: Readonly<Record<string, string>> = texts.recipes
  return (
    <div className="form-grid">
      <div className="field">
        <Select
          label={texts.model}
          value={chosen.model.model}
          options={recipes.models.map(({ model }) => ({ value: model, label: model }))}
          onChange={(model) => change({ model }, { replace: true })}
        />
        <span className="hint">
          {chosen.model.title}, {texts.parameters(format.count(chosen.model.parameters))}
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
      <NumberField name="seed" label={texts.seed} hint={texts.seedHint} value="1" min={0} />
      <NumberField name="limit" label={texts.limit} hint={texts.limitHint} value="" min={1} />
    </div>
  )
}

interface NumberProps {
  readonly name: string
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly min: number
}

function NumberField({ name, label, hint, value, min }: NumberProps) {
  const id = useId()
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        name={name}
        type="number"
        min={min}
        defaultValue={value}
        aria-describedby={`${id}-hint`}
      />
      <span className="hint" id={`${id}-hint`}>
        {hint}
      </span>
    </div>
  )
}
