/** What a visitor has set: language and theme, kept in this browser. `?lang=vi` in a link sets the language, too. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { useQueryChange } from './router/location.js'
import { english } from './text/en/index.js'
import { type Format, formatIn } from './text/format.js'
import { vietnamese } from './text/vi/index.js'

export type Language = 'en' | 'vi'
export type Theme = 'auto' | 'light' | 'dark'
export type Texts = typeof english

interface Settings {
  readonly language: Language
  readonly setLanguage: (language: Language) => void
  readonly theme: Theme
  readonly setTheme: (theme: Theme) => void
  readonly texts: Texts
  readonly format: Format
}

const Context = createContext<Settings | null>(null)
const dictionaries: Readonly<Record<Language, Texts>> = { en: english, vi: vietnamese }

export function SettingsProvider({ children }: { readonly children: ReactNode }) {
  const change = useQueryChange()
  const linked = linkedLanguage()
  const [language, setLanguage] = useKept<Language>('language', languages, startingLanguage(), linked)
  const [theme, setTheme] = useKept<Theme>('theme', ['auto', 'light', 'dark'], 'auto')
  useEffect(() => {
    if (linked === null) return
    // Kept as if it had been chosen, and no longer said by the address, where it would undo what is chosen next.
    setLanguage(linked)
    change({ lang: null }, { replace: true })
  }, [linked, setLanguage, change])
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  const settings = useMemo(
    () => ({
      language,
      setLanguage,
      theme,
      setTheme,
      texts: dictionaries[language],
      format: formatIn(language),
    }),
    [language, setLanguage, theme, setTheme],
  )
  return <Context value={settings}>{children}</Context>
}

export function useSettings(): Settings {
  const settings = useContext(Context)
  if (settings === null) throw new Error('useSettings needs a SettingsProvider around it')
  return settings
}

export const useTexts = (): Texts => useSettings().texts
export const useFormat = (): Format => useSettings().format

/** Whether the page is dark now, by the visitor's choice or the system's. */
export function useDark(): boolean {
  const { theme } = useSettings()
  const [systemDark, setSystemDark] = useState(() => darkQuery().matches)
  useEffect(() => {
    const query = darkQuery()
    const follow = (): void => setSystemDark(query.matches)
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [])
  return theme === 'auto' ? systemDark : theme === 'dark'
}

const darkQuery = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)')

const languages: readonly Language[] = ['en', 'vi']

/** What the address asks for; null where it leaves the choice. */
function linkedLanguage(): Language | null {
  const linked = new URLSearchParams(window.location.search).get('lang')
  return languages.find((language) => language === linked) ?? null
}

const startingLanguage = (): Language => (navigator.language.toLowerCase().startsWith('vi') ? 'vi' : 'en')

/** State that outlives the page, where the browser lets it; a link's own value goes first. */
function useKept<T extends string>(
  name: string,
  allowed: readonly T[],
  start: T,
  linked: T | null = null,
): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    const kept = recall(name)
    return linked ?? allowed.find((one) => one === kept) ?? start
  })
  const change = useMemo(
    () =>
      (next: T): void => {
        setValue(next)
        remember(name, next)
      },
    [name],
  )
  return [value, change]
}

// Storage may be forbidden, which then only means that nothing is remembered.
function recall(name: string): string | null {
  try {
    return window.localStorage.getItem(`atelier.${name}`)
  } catch {
    return null
  }
}

function remember(name: string, value: string): void {
  try {
    window.localStorage.setItem(`atelier.${name}`, value)
  } catch {}
}
