import type { Filters } from '../../../../src/server/schemas/models.js'
import { useApi } from '../../api/use-load.js'
import { Awaited } from '../../components/states.js'
import { paintSigned } from '../../picture/paint.js'
import { Pixels } from '../../picture/pixels.js'
import { useTexts } from '../../settings.js'

const MOST = 64

/** What the first layer looks for. */
export function FirstFilters({ id, layer }: { readonly id: string; readonly layer: string }) {
  const texts = useTexts().inside
  const filters = useApi<Filters>(`/api/models/${encodeURIComponent(id)}/filters`)
  if (filters.state === 'ready' && filters.value.layer !== layer) return null
  return (
    <div className="section">
      <h3>{texts.filters}</h3>
      <p className="muted small">{texts.filtersLead}</p>
      <Awaited of={filters}>
        {({ filters: kernels, width, height, largest }) => (
          <ul className="gallery maps filters">
            {kernels.slice(0, MOST).map((kernel, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a filter is an index
              <li key={i}>
                <Pixels painting={paintSigned(kernel, width, height, largest)} label={texts.filter(i + 1)} />
              </li>
            ))}
          </ul>
        )}
      </Awaited>
    </div>
  )
}
