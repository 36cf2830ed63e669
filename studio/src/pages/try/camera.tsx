import { useEffect, useRef, useState } from 'react'
import type { Picture } from '../../../../src/photo/raster.js'
import { Failed } from '../../components/states.js'
import { pictureOf } from '../../picture/decode.js'
import { useTexts } from '../../settings.js'
import { useMessageOf } from '../../text/use-message.js'

interface Props {
  readonly onTaken: (picture: Picture) => void
}

/** The camera, where the browser has one for this address. */
export default function Camera({ onTaken }: Props) {
  const texts = useTexts().try
  return window.isSecureContext ? <View onTaken={onTaken} /> : <Failed message={texts.insecure} />
}

/** The camera's view, and a button that takes the picture. */
function View({ onTaken }: Props) {
  const texts = useTexts().try
  const messageOf = useMessageOf()
  const video = useRef<HTMLVideoElement>(null)
  const failure = useCamera(video)
  const take = (): void => {
    const { current } = video
    if (current === null || current.videoWidth === 0) return
    onTaken(pictureOf(current, current.videoWidth, current.videoHeight))
  }
  if (failure !== null) return <Failed message={texts.noCamera(messageOf(failure))} />
  return (
    <div className="pad">
      <video ref={video} autoPlay playsInline muted aria-label={texts.viewfinder} />
      <div className="section">
        <p className="muted small">{texts.cameraHint}</p>
        <div className="buttons">
          <button type="button" className="button primary" onClick={take}>
            {texts.take}
          </button>
        </div>
      </div>
    </div>
  )
}

/** Shows the camera in an element for as long as it is there; the result is why it cannot, or null. */
function useCamera(video: { readonly current: HTMLVideoElement | null }): unknown {
  const [failure, setFailure] = useState<unknown>(null)
  useEffect(() => {
    let stopped = false
    let stream: MediaStream | null = null
    const stop = (): void => {
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
    const start = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (stopped) stop()
      else if (video.current !== null) video.current.srcObject = stream
    }
    start().catch((error: unknown) => setFailure(error))
    return () => {
      stopped = true
      stop()
    }
  }, [video])
  return failure
}
