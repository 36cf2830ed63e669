/** The shell around every page, and which page an address means. */
import { type ComponentType, lazy, Suspense, useEffect, useRef } from 'react'
import { ErrorBoundary } from './components/error-boundary.js'
import { Loading } from './components/states.js'
import { TopBar } from './components/top-bar.js'
import { SpecimenProvider } from './picture/specimen.js'
import { Link } from './router/link.js'
import { usePlace } from './router/location.js'
import { hrefOf } from './router/root.js'
import { SettingsProvider, useTexts } from './settings.js'
import { titleOf } from './title.js'

const pages: Readonly<Record<string, ComponentType>> = {
  try: lazy(() => import('./pages/try/try-page.js')),
  models: lazy(() => import('./pages/models/models-page.js')),
  train: lazy(() => import('./pages/train/train-page.js')),
  data: lazy(() => import('./pages/data/data-page.js')),
  inside: lazy(() => import('./pages/inside/inside-page.js')),
}

export function App() {
  return (
    <SettingsProvider>
      <SpecimenProvider>
        <Shell />
      </SpecimenProvider>
    </SettingsProvider>
  )
}

function Shell() {
  const texts = useTexts()
  const { path } = usePlace()
  const name = path.split('/')[1] || 'try'
  const Page = pages[name] ?? NotFound
  const main = useRef<HTMLElement>(null)
  const told = useRef(path)
  const title = titleOf(path, texts)
  useEffect(() => {
    document.title = title
  }, [title])
  // Those who hear the page are told of a new one; the first is announced by the browser itself.
  useEffect(() => {
    if (told.current !== path) main.current?.focus({ preventScroll: true })
    told.current = path
  }, [path])
  return (
    <>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {texts.shell.skip}
      </button>
      <TopBar current={name} />
      <main className="frame" id="main" ref={main} tabIndex={-1}>
        <ErrorBoundary of={path}>
          <Suspense fallback={<Loading />}>
            <Page />
          </Suspense>
        </ErrorBoundary>
      </main>
      <footer className="foot">
        <div className="frame">
          <span>{texts.shell.foot}</span>
          <a href={hrefOf('/docs')}>{texts.shell.api}</a>
        </div>
      </footer>
    </>
  )
}

function NotFound() {
  const { shell } = useTexts()
  return (
    <div className="page">
      <header>
        <h1>{shell.notFound}</h1>
        <p>
          <Link href="/try">{shell.home}</Link>
        </p>
      </header>
    </div>
  )
}
