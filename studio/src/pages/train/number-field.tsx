import { useId, useState } from 'react'
import { usePlace, useQueryChange } from '../../router/location.js'

interface Props {
  /** In the address. */
  readonly name: string
  readonly label: string
  readonly hint: string
  /** Where the address has none. */
  readonly own: string
  readonly min: number
}

/** A number of the address, which it follows. */
export function NumberField({ name, label, hint, own, min }: Props) {
  const id = useId()
  const { query } = usePlace()
  const change = useQueryChange()
  const [typed, setTyped] = useState<string | null>(null)
  const asked = query.get(name) || own
  // An emptied field means its own value, which is not to jump into it before another is typed.
  const shown = typed !== null && (typed || own) === asked ? typed : asked
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
        value={shown}
        placeholder={own}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value)
          change({ [name]: value === own ? null : value }, { replace: true })
        }}
        aria-describedby={`${id}-hint`}
      />
      <span className="hint" id={`${id}-hint`}>
        {hint}
      </span>
    </div>
  )
}
