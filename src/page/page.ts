/** The frame of a page: one file that needs nothing else. */
import { type Html, html, trusted } from './html.js'
import { script } from './script.js'
import { style } from './style.js'

export interface Section {
  readonly id: string
  readonly title: string
  readonly body: Html
}

export interface Page {
  readonly title: string
  /** A line under it. */
  readonly subtitle: string
  readonly sections: readonly Section[]
  /** Rules of the page's own, such as those of its pictures. */
  readonly css?: string
  /** After all sections: data of the script, dialogs. */
  readonly rest?: Html
  readonly footer: string
}

/** Nothing may be fetched, wherever the page is opened. */
const policy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'"

export function renderPage({ title, subtitle, sections, css = '', rest, footer }: Page): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(style + css)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<div><h1>${title}</h1><p>${subtitle}</p></div>
<button type="button" id="theme" hidden>Theme: auto</button>
</header>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main id="main">
${sections.map(renderSection)}
</main>
<footer><p>${footer}</p></footer>
${rest ?? null}
<script>${trusted(script)}</script>
</body>
</html>
`
  // Numbers and their signs stay together.
  return page.text.replaceAll(' %', '\u00a0%')
}

const renderSection = ({ id, title, body }: Section): Html => html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${body}
</section>
`
