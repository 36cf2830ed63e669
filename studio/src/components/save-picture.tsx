import { useState } from 'react'
import { messageOf } from '../api/client.js'
import { download } from '../picture/download.js'
import { useTexts } from '../settings.js'

interface Props {
  /** Of the file, without its ending. */
  readonly name: string
  /** Draws the PNG; null while what it shows is on its way. */
  readonly draw: (() => Promise<Blob>) | null
}

/** Saves the page's result as a picture. */
export function SavePicture({ name, draw }: Props) {
  const { shell } = useTexts()
  const [failure, setFailure] = useState<string | null>(null)
  const save = (): void => {
    draw?.().then(
      (blob) => {
        download(blob, name)
        setFailure(null)
      },
      (error: unknown) => setFailure(messageOf(error)),
    )
  }
  return (
    <>
      <button type="button" className="button" disabled={draw === null} onClick={save}>
        {shell.save}
      </button>
      {failure && <span role="alert">{failure}</span>}
    </>
  )
}
