import { Link } from '../router/link.js'
import { type Theme, useSettings } from '../settings.js'

const pages = ['try', 'models', 'train', 'data', 'inside'] as const
const nextTheme: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' }

export function TopBar({ current }: { readonly current: string }) {
  const { texts, language, setLanguage, theme, setTheme } = useSettings()
  const { shell } = texts
  return (
    <header className="top">
      <div className="frame">
        <Link className="wordmark" href="/try">
          Atelier
        </Link>
        <nav aria-label={shell.navigation}>
          <ul className="plain">
            {pages.map((page) => (
              <li key={page}>
                <Link href={`/${page}`} aria-current={page === current ? 'page' : undefined}>
                  {shell.pages[page]}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="settings">
          <button
            type="button"
            className="button"
            lang={language === 'en' ? 'vi' : 'en'}
            title={shell.language}
            onClick={() => setLanguage(language === 'en' ? 'vi' : 'en')}
          >
            {shell.otherLanguage}
          </button>
          <button
            type="button"
            className="button"
            title={shell.theme(shell.themes[theme])}
            onClick={() => setTheme(nextTheme[theme])}
          >
            {shell.themes[theme]}
          </button>
        </div>
      </div>
    </header>
  )
}
