import type { Split } from '../../../../src/server/schemas/common.js'
import type { Data, Suspicious } from '../../../../src/server/schemas/data.js'
import { useApi } from '../../api/use-load.js'
import { ChooseOne } from '../../components/choices.js'
import { Awaited } from '../../components/states.js'
import { sheetOf, Thumb } from '../../picture/thumb.js'
import { Link } from '../../router/link.js'
import { usePlace, useQueryChange } from '../../router/location.js'
import { useFormat, useTexts } from '../../settings.js'
import { useClassNames } from '../../text/class-names.js'

const MOST = 120

/** Labels that look wrong to models which have not seen them. */
export function SuspiciousLabels({ data }: { readonly data: Data }) {
  const texts = useTexts().data
  const { query } = usePlace()
  const change = useQueryChange()
  const split: Split = query.get('split') === 'train' ? 'train' : 'test'
  const found = useApi<Suspicious | null>(`/api/data/${split}/suspicious`)
  return (
    <section className="section" aria-labelledby="suspicious">
      <header>
        <h2 id="suspicious">{texts.tabs.suspicious}</h2>
        <p className="muted">{texts.suspiciousLead}</p>
      </header>
      <ChooseOne<Split>
        legend={texts.split}
        value={split}
        onChange={(value) => change({ split: value === 'test' ? null : value })}
        options={[
          { value: 'test', label: texts.test },
          { value: 'train', label: texts.train },
        ]}
      />
      <Awaited of={found}>
        {(value) =>
          value ? <Suspects split={split} found={value} data={data} /> : <NotAudited data={data} />
        }
      </Awaited>
    </section>
  )
}

function NotAudited({ data }: { readonly data: Data }) {
  const texts = useTexts().data
  return (
    <p className="state">
      {texts.notAudited} <code>{data.auditCommand}</code>
    </p>
  )
}

interface SuspectsProps {
  readonly split: Split
  readonly found: Suspicious
  readonly data: Data
}

function Suspects({ split, found: { suspects, estimatedErrors, images }, data }: SuspectsProps) {
  const { data: texts, shell } = useTexts()
  const format = useFormat()
  const names = useClassNames(data.classes)
  const shown = suspects.slice(0, MOST)
  const sheet = sheetOf(
    split,
    shown.map(({ index }) => index),
  )
  return (
    <>
      <p>{texts.estimated(format.count(estimatedErrors), format.count(images))}</p>
      <ul className="gallery scored">
        {shown.map(({ index, label, suggested, suggestedConfidence }, at) => (
          <li key={index}>
            <Link href={`/data/${split}/${index}`}>
              <Thumb
                sheet={sheet}
                at={at}
                label={split === 'test' ? shell.testImage(index) : shell.trainImage(index)}
              />
              <strong>{names(suggested)}</strong> {format.percent(suggestedConfidence, 0)}
              <span className="muted"> {texts.labelled(names(label))}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}
