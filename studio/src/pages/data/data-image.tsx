import type { Split } from '../../../../src/server/schemas/common.js'
import type { Data, Image } from '../../../../src/server/schemas/data.js'
import { useApi } from '../../api/use-load.js'
import { Facts } from '../../components/facts.js'
import { Awaited } from '../../components/states.js'
import { paintGray } from '../../picture/paint.js'
import { Pixels } from '../../picture/pixels.js'
import { Link } from '../../router/link.js'
import { linkTo } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'

interface Props {
  readonly split: Split
  readonly index: number
  readonly data: Data
}

/** One image of the data set. */
export function DataImage({ split, index, data }: Props) {
  const { shell } = useTexts()
  const image = useApi<Image>(`/api/data/${split}/images/${index}`)
  const title = split === 'test' ? shell.testImage(index) : shell.trainImage(index)
  const { count } = data.splits[split]
  return (
    <section className="section" aria-labelledby="image">
      <div className="between">
        <h2 id="image" className="capital">
          {title}
        </h2>
        <div className="buttons">
          {index > 0 && (
            <Link className="button" href={`/data/${split}/${index - 1}`}>
              {shell.previous}
            </Link>
          )}
          {index + 1 < count && (
            <Link className="button" href={`/data/${split}/${index + 1}`}>
              {shell.next}
            </Link>
          )}
        </div>
      </div>
      <Awaited of={image}>{(value) => <Shown image={value} title={title} data={data} />}</Awaited>
    </section>
  )
}

interface ShownProps {
  readonly image: Image
  readonly title: string
  readonly data: Data
}

function Shown({ image: { split, index, label, pixels }, title, data }: ShownProps) {
  const { data: texts, shell } = useTexts()
  const format = useFormat()
  const names = useClassNames(data.classes)
  const address = `${split}:${index}`
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length
  return (
    <div className="one-image">
      <Pixels painting={paintGray(pixels, data.width, data.height)} label={title} />
      <div className="section">
        <Facts
          facts={[
            { name: texts.class, value: names(label) },
            { name: texts.meanPixel, value: format.decimal(mean, 1) },
            { name: texts.size, value: `${data.height} × ${data.width}` },
          ]}
        />
        <div className="buttons">
          <Link className="button primary" href={linkTo('/try', { image: address })}>
            {texts.ask}
          </Link>
          <Link className="button" href={linkTo('/inside', { image: address })}>
            {shell.pages.inside}
          </Link>
        </div>
      </div>
    </div>
  )
}
