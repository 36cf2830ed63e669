import { Component, type ReactNode } from 'react'
import { messageOf } from '../api/client.js'
import { useTexts } from '../settings.js'

interface State {
  readonly error: unknown
}

/** Keeps the shell alive when a page fails, and says so. React has no hook for this. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Broken error={this.state.error} />
  }
}

function Broken({ error }: State) {
  const { shell } = useTexts()
  return (
    <div className="notice error" role="alert">
      <p>
        <strong>{shell.broken}</strong> {shell.brokenHelp}
      </p>
      <pre>{messageOf(error)}</pre>
    </div>
  )
}
