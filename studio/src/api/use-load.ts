/** Values that come later, such as a server's answers, as React state. */
import { useCallback, useEffect, useState } from 'react'
import { request } from './client.js'

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: unknown; readonly retry: () => void }
  | { readonly state: 'ready'; readonly value: T }

const loading = { state: 'loading' } as const

/**
 * What `load` resolves to, for as long as `key` stays the same; a new key loads anew, and a null one waits. What an
 * older key still brings is dropped.
 */
export function useLoad<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [attempt, setAttempt] = useState(0)
  const [result, setResult] = useState<{ readonly of: string; readonly loaded: Loaded<T> } | null>(null)
  const retry = useCallback(() => setAttempt((n) => n + 1), [])
  const wanted = `${attempt} ${key}`
  // `key` says all that `load` depends on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new closure each time is no new question
  useEffect(() => {
    if (key === null) return
    const controller = new AbortController()
    const settle = (loaded: Loaded<T>): void => {
      if (!controller.signal.aborted) setResult({ of: wanted, loaded })
    }
    load(controller.signal).then(
      (value) => settle({ state: 'ready', value }),
      (error: unknown) => settle({ state: 'failed', error, retry }),
    )
    return () => controller.abort()
  }, [wanted])
  return result?.of === wanted ? result.loaded : loading
}

/** The server's answer at a path; null waits. */
export function useApi<T>(path: string | null): Loaded<T> {
  return useLoad(path, (signal) => request<T>(path as string, { signal }))
}
