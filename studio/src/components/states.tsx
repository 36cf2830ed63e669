/** What stands in the place of something that is on its way, or did not come. */
import type { ReactNode } from 'react'
import type { Loaded } from '../api/use-load.js'
import { useTexts } from '../settings.js'
import { useMessageOf } from '../text/use-message.js'

export function Loading() {
  const { shell } = useTexts()
  return (
    <p className="state" role="status">
      {shell.loading}
    </p>
  )
}

export function Failed({ message, retry }: { readonly message: string; readonly retry?: () => void }) {
  const { shell } = useTexts()
  return (
    <div className="notice error between" role="alert">
      <p>{message}</p>
      {retry && (
        <button type="button" className="button" onClick={retry}>
          {shell.retry}
        </button>
      )}
    </div>
  )
}

interface AwaitedProps<T> {
  readonly of: Loaded<T>
  readonly children: (value: T) => ReactNode
}

/** Shows a value once it is there. */
export function Awaited<T>({ of, children }: AwaitedProps<T>) {
  const messageOf = useMessageOf()
  if (of.state === 'loading') return <Loading />
  if (of.state === 'failed') return <Failed message={messageOf(of.error)} retry={of.retry} />
  return children(of.value)
}
