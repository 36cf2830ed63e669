/** What the browser calls a page, in its tabs and in the history: what it is about first. Pure. */
import type { english } from './text/en/index.js'

type Texts = typeof english
type Names = Readonly<Record<string, string>>

export function titleOf(path: string, texts: Texts): string {
  const [, page = '', ...parts] = path.split('/')
  const pages: Names = texts.shell.pages
  const subjects = subjectsOf(page, parts.map(decoded), texts)
  return [...subjects, pages[page || 'try'] ?? texts.shell.notFound, 'Atelier'].join(' · ')
}

/** A model and its tab, a training, an image, or a part of the data. */
function subjectsOf(page: string, [first, second]: readonly string[], texts: Texts): readonly string[] {
  if (first === undefined) return []
  if (page === 'train') return [first]
  if (page === 'data') return named(first, second, texts)
  if (page !== 'models') return []
  if (first === 'compare') return [texts.models.compareTitle]
  const tabs: Names = texts.models.tabs
  return [first, ...(second === undefined ? [] : [tabs[second] ?? second])]
}

function named(part: string, index: string | undefined, { shell, data }: Texts): readonly string[] {
  if (part === 'test' && index !== undefined) return [shell.testImage(Number(index))]
  if (part === 'train' && index !== undefined) return [shell.trainImage(Number(index))]
  const tabs: Names = data.tabs
  return [tabs[part] ?? part]
}

/** What is no whole encoding stays as it is: the page itself says what is wrong with it. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
