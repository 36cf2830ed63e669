import type { Training } from '../../../../src/server/schemas/trainings.js'
import { useTexts } from '../../settings.js'

/** The share of a training that is done. */
export function shareDone({ state, epochs, epochsDone, progress }: Training): number {
  if (state === 'finished') return 1
  const live = progress === null ? 0 : progress.epoch - 1 + progress.step / progress.steps
  return Math.min(1, Math.max(epochsDone, live) / epochs)
}

export function Progress({ training }: { readonly training: Training }) {
  const texts = useTexts().train
  const share = shareDone(training)
  return (
    <div
      className="meter"
      role="progressbar"
      aria-label={texts.progress}
      aria-valuenow={Math.round(100 * share)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div style={{ width: `${100 * share}%` }} />
    </div>
  )
}
