import { sheetOf, Thumb } from '../../picture/thumb.js'
import { Link } from '../../router/link.js'
import { linkTo, usePlace } from '../../router/location.js'
import { useTexts } from '../../settings.js'

/** One test image of each class, and two that are hard. */
const SAMPLES = [2, 20, 13, 8, 12, 4, 9, 18, 0, 30, 23, 40]

/** Something to begin with. */
export function Samples() {
  const { try: texts, shell } = useTexts()
  const { query } = usePlace()
  const sheet = sheetOf('test', SAMPLES)
  return (
    <div className="samples">
      <h2>{texts.samples}</h2>
      <ul className="gallery">
        {SAMPLES.map((index, at) => (
          <li key={index}>
            <Link href={linkTo('/try', { ...Object.fromEntries(query), image: `test:${index}` })}>
              <Thumb sheet={sheet} at={at} label={shell.testImage(index)} />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
