import { Component, type ReactNode } from 'react'
import { useTexts } from '../settings.js'
import { useMessageOf } from '../text/use-message.js'

interface Props {
  /** What is shown: another gets another chance. */
  readonly of: string
  readonly children: ReactNode
}

interface State {
  readonly error: unknown
  readonly of: string
}

/** Keeps the shell alive when a page fails, and says so. React has no hook for this. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, of: this.props.of }

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error }
  }

  static getDerivedStateFromProps({ of }: Props, state: State): State | null {
    return of === state.of ? null : { error: null, of }
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Broken error={this.state.error} />
  }
}

function Broken({ error }: Pick<State, 'error'>) {
  const { shell } = useTexts()
  const messageOf = useMessageOf()
  return (
    <div className="notice error" role="alert">
      <p>
        <strong>{shell.broken}</strong> {shell.brokenHelp}
      </p>
      <pre>{messageOf(error)}</pre>
    </div>
  )
}
