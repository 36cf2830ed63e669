import { useId } from 'react'

interface Option<T extends string> {
  readonly value: T
  readonly label: string
  readonly disabled?: boolean
}

interface OneProps<T extends string> {
  readonly legend: string
  readonly options: readonly Option<T>[]
  readonly value: T
  readonly onChange: (value: T) => void
}

/** One of a few, in a row. */
export function ChooseOne<T extends string>({ legend, options, value, onChange }: OneProps<T>) {
  const name = useId()
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div className="choices">
        {options.map((option) => (
          <label className="choice" key={option.value}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              disabled={option.disabled === true}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

interface ManyProps<T extends string> {
  readonly legend: string
  readonly options: readonly Option<T>[]
  readonly values: readonly T[]
  readonly onChange: (values: readonly T[]) => void
}

/** Any of a few, in a row; the result is in the options' order. */
export function ChooseMany<T extends string>({ legend, options, values, onChange }: ManyProps<T>) {
  const toggle = (value: T): void => {
    const chosen = new Set(values)
    if (!chosen.delete(value)) chosen.add(value)
    onChange(options.map((option) => option.value).filter((option) => chosen.has(option)))
  }
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div className="choices">
        {options.map(({ value, label, disabled = false }) => (
          <label className="choice" key={value}>
            <input
              type="checkbox"
              checked={values.includes(value)}
              disabled={disabled}
              onChange={() => toggle(value)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

interface SelectProps {
  readonly label: string
  readonly options: readonly Option<string>[]
  readonly value: string
  readonly onChange: (value: string) => void
}

/** One of many. */
export function Select({ label, options, value, onChange }: SelectProps) {
  return (
    <label className="field">
      <span className="label">{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled === true}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  )
}
