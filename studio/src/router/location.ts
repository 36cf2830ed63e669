/** The address as state: pages are functions of path and query, so that every state has a link. */
import { useCallback, useSyncExternalStore } from 'react'
import { hrefOf, pathOf } from './root.js'

export interface Place {
  /** Without a slash at the end, but for the root's own. */
  readonly path: string
  readonly query: URLSearchParams
  /** Without its #. Browsers never send it to a server. */
  readonly fragment: string
}

type Query = Readonly<Record<string, string | number | null | undefined>>

const CHANGED = 'atelier:location'

function subscribe(listener: () => void): () => void {
  for (const name of ['popstate', 'hashchange', CHANGED]) window.addEventListener(name, listener)
  return () => {
    for (const name of ['popstate', 'hashchange', CHANGED]) window.removeEventListener(name, listener)
  }
}

/** The whole address now; renders again whenever it changes. */
export const useHref = (): string => useSyncExternalStore(subscribe, () => window.location.href)

/** The place now; renders again whenever it changes. */
export function usePlace(): Place {
  const { pathname, searchParams, hash } = new URL(useHref())
  return {
    path: pathOf(pathname),
    query: searchParams,
    fragment: hash.slice(1),
  }
}

/** Goes somewhere; `replace` leaves no entry to come back to, as for typing and sliding. */
export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) window.history.replaceState(null, '', hrefOf(to))
  else window.history.pushState(null, '', hrefOf(to))
  window.dispatchEvent(new Event(CHANGED))
}

/** `path?query` of what is not null or empty. */
export function linkTo(path: string, query: Query = {}): string {
  const entries = Object.entries(query).flatMap(([key, value]) =>
    value === null || value === undefined || value === '' ? [] : [[key, String(value)]],
  )
  // These are allowed there, and easier to read as they are.
  const text = new URLSearchParams(entries).toString().replace(/%(3A|2C|3B|3D)/g, decodeURIComponent)
  return text === '' ? path : `${path}?${text}`
}

interface ChangeOptions {
  readonly replace?: boolean
  /** Whether the fragment goes: it belongs to a value that changes. */
  readonly dropFragment?: boolean
}

/** Changes some of the query's values and leaves the others, the path and the fragment as they are. */
export function useQueryChange(): (changes: Query, options?: ChangeOptions) => void {
  return useCallback((changes, { replace = false, dropFragment = false } = {}) => {
    const { pathname, search, hash } = window.location
    const all = { ...Object.fromEntries(new URLSearchParams(search)), ...changes }
    navigate(linkTo(pathOf(pathname), all) + (dropFragment ? '' : hash), { replace })
  }, [])
}
