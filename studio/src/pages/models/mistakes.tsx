import type { ModelDetail, ScoredImages } from '../../../../src/server/schemas/models.js'
import { useApi } from '../../api/use-load.js'
import { Pager } from '../../components/pager.js'
import { Awaited } from '../../components/states.js'
import { linkTo, usePlace } from '../../router/location.js'
import { useTexts } from '../../settings.js'
import { ScoredGallery } from './scored-gallery.js'

const PAGE = 60

/** Where the model is most sure, and wrong. */
export function Mistakes({ model }: { readonly model: ModelDetail }) {
  const texts = useTexts().models
  const { query } = usePlace()
  const offset = Number(query.get('offset') ?? 0)
  const path = linkTo(`/api/models/${encodeURIComponent(model.id)}/mistakes`, { offset, limit: PAGE })
  const mistakes = useApi<ScoredImages>(path)
  return (
    <section className="section" aria-labelledby="mistakes">
      <header>
        <h2 id="mistakes">{texts.tabs.mistakes}</h2>
        <p className="muted">{texts.mistakesLead}</p>
      </header>
      <Awaited of={mistakes}>
        {({ total, images }) => (
          <>
            <ScoredGallery model={model} images={images} />
            <Pager offset={offset} limit={PAGE} total={total} />
          </>
        )}
      </Awaited>
    </section>
  )
}
