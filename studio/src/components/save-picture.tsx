import { useState } from 'react'
import { download } from '../picture/download.js'
import { useTexts } from '../settings.js'
import { useMessageOf } from '../text/use-message.js'

interface Props {
  /** Of the file, without its ending. */
  readonly name: string
  /** Draws the PNG; null while what it shows is on its way. */
  readonly draw: (() => Promise<Blob>) | null
}

/** Saves the page's result as a picture. */
export function SavePicture({ name, draw }: Props) {
  const { shell } = useTexts()
  const messageOf = useMessageOf()
  const [failure, setFailure] = useState<unknown>(null)
  const save = (): void => {
    draw?.().then(
      (blob) => {
        download(blob, name)
        setFailure(null)
      },
      (error: unknown) => setFailure(error),
    )
  }
  return (
    <>
      <button type="button" className="button" disabled={draw === null} onClick={save}>
        {shell.save}
      </button>
      {failure !== null && <span role="alert">{messageOf(failure)}</span>}
    </>
  )
}
