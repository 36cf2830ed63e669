import { useId } from 'react'
import type { Recipe } from '../../../../src/recipes/recipe.js'
import type { Recipes } from '../../../../src/server/schemas/trainings.js'
import { useServerTexts } from '../../text/server-texts.js'
import { textOf, valueAt } from './recipe-values.js'

interface Props {
  readonly recipe: Recipe
  readonly fields: Recipes['fields']
  /** What a visitor has typed, by key. */
  readonly typed: ReadonlyMap<string, string>
  readonly onType: (key: string, text: string) => void
}

/** Every value of a recipe that there is, with what it means. */
export function RecipeFields({ recipe, fields, typed, onType }: Props) {
  const texts = useServerTexts()
  const there = fields.filter(({ key }) => isLeaf(valueAt(recipe, key)))
  return (
    <div className="form-grid fields">
      {there.map(({ key, explanation }) => {
        const own = textOf(valueAt(recipe, key))
        return (
          <Field
            key={key}
            name={key}
            explanation={texts.field(key, explanation)}
            value={typed.get(key) ?? own}
            changed={(typed.get(key) ?? own) !== own}
            onType={(text) => onType(key, text)}
          />
        )
      })}
    </div>
  )
}

/** Groups have fields of their own. */
const isLeaf = (value: unknown): boolean =>
  value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))

interface FieldProps {
  readonly name: string
  readonly explanation: string
  readonly value: string
  readonly changed: boolean
  readonly onType: (text: string) => void
}

function Field({ name, explanation, value, changed, onType }: FieldProps) {
  const id = useId()
  return (
    <div className={`field${changed ? ' changed' : ''}`}>
      <label className="label" htmlFor={id}>
        <code>{name}</code>
      </label>
      <input
        id={id}
        type="text"
        value={value}
        spellCheck={false}
        autoComplete="off"
        aria-describedby={`${id}-hint`}
        onChange={(event) => onType(event.currentTarget.value)}
      />
      <span className="hint" id={`${id}-hint`}>
        {explanation}
      </span>
    </div>
  )
}
