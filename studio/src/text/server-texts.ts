/** Texts of the server, which are English, in the visitor's language. */
import { useSettings } from '../settings.js'
import { fields, titles } from './vi/recipes.js'

type Dictionary = Readonly<Record<string, string>>

interface ServerTexts {
  title(model: string, english: string): string
  field(key: string, english: string): string
}

/** What the server says where there is no translation. */
export function useServerTexts(): ServerTexts {
  const vietnamese = useSettings().language === 'vi'
  const from =
    (dictionary: Dictionary) =>
    (key: string, english: string): string =>
      (vietnamese ? dictionary[key] : undefined) ?? english
  return { title: from(titles), field: from(fields) }
}
