/** HTML by template strings: whatever is put into them is escaped, unless it is HTML itself. */

export class Html {
  constructor(readonly text: string) {}
}

export type Part = Html | string | number | null | readonly Part[]

/** Nothing for null; the parts of a list one after another. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, i) => (i === 0 ? text : textOf(parts[i - 1] ?? null) + text)).join(''))
}

/** Text that is HTML already. */
export const trusted = (text: string): Html => new Html(text)

function textOf(part: Part): string {
  if (part === null) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map(textOf).join('')
  return escapeHtml(String(part))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string)
}

/** A value for the page's script. No `<`, so that no text in it can end the element. */
export function jsonScript(id: string, value: unknown): Html {
  const json = JSON.stringify(value).replaceAll('<', '\\u003c')
  return trusted(`<script type="application/json" id="${escapeHtml(id)}">${json}</script>`)
}
