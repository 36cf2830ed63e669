import { useCallback } from 'react'
import { useTexts } from '../settings.js'
import { messageOf } from './studio-error.js'

/** What errors say in the reader's language. */
export function useMessageOf(): (error: unknown) => string {
  const { errors } = useTexts()
  return useCallback((error) => messageOf(error, errors), [errors])
}
