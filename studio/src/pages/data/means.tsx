import type { Data, Means as MeanImages } from '../../../../src/server/schemas/data.js'
import { useApi } from '../../api/use-load.js'
import { Awaited } from '../../components/states.js'
import { paintGray } from '../../picture/paint.js'
import { Pixels } from '../../picture/pixels.js'
import { Link } from '../../router/link.js'
import { linkTo } from '../../router/location.js'
import { useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'

/** The mean image of each class. */
export function Means({ data }: { readonly data: Data }) {
  const texts = useTexts().data
  const names = useClassNames(data.classes)
  const means = useApi<MeanImages>('/api/data/train/means')
  return (
    <section className="section" aria-labelledby="means">
      <header>
        <h2 id="means">{texts.tabs.means}</h2>
        <p className="muted">{texts.meansLead}</p>
      </header>
      <Awaited of={means}>
        {({ means: images }) => (
          <ul className="gallery means">
            {images.map((pixels, label) => (
              <li key={data.classes[label]}>
                <Link href={linkTo('/data', { split: 'train', class: label })}>
                  <Pixels painting={paintGray(pixels, data.width, data.height)} label="" />
                  {names(label)}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Awaited>
    </section>
  )
}
