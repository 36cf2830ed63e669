import { useQueryChange } from '../router/location.js'
import { useFormat, useTexts } from '../settings.js'

interface Props {
  readonly offset: number
  readonly limit: number
  readonly total: number
}

/** Goes through a long list by the address's `offset`. */
export function Pager({ offset, limit, total }: Props) {
  const { shell } = useTexts()
  const format = useFormat()
  const change = useQueryChange()
  if (total === 0) return null
  const go = (to: number) => () => {
    change({ offset: to === 0 ? null : to })
    window.scrollTo(0, 0)
  }
  const end = Math.min(offset + limit, total)
  return (
    <div className="buttons">
      <button
        type="button"
        className="button"
        disabled={offset === 0}
        onClick={go(Math.max(0, offset - limit))}
      >
        {shell.previous}
      </button>
      <span className="muted small" role="status">
        {shell.showing(format.count(offset + 1), format.count(end), format.count(total))}
      </span>
      <button type="button" className="button" disabled={end >= total} onClick={go(offset + limit)}>
        {shell.next}
      </button>
    </div>
  )
}
