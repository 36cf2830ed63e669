/** What classes are called in the reader's language. */
import { useCallback } from 'react'
import { useTexts } from '../settings.js'

/** The name of a label, of the names that a model or the data set has. */
export function useClassNames(names: readonly string[] = []): (label: number) => string {
  const { classes } = useTexts().shell
  return useCallback(
    (label) => {
      const name = names[label] ?? String(label)
      return classes[name] ?? name
    },
    [names, classes],
  )
}
