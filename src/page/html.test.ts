import { describe, expect, it } from 'vitest'
import { html, jsonScript, trusted } from './html.js'

describe('html', () => {
  it('escapes what is put into it, in texts and in attributes', () => {
    const name = `<b>"Tops" & 'more'</b>`
    const escaped = '&lt;b&gt;&quot;Tops&quot; &amp; &#39;more&#39;&lt;/b&gt;'
    expect(html`<i title="${name}">${name}</i>`.text).toBe(`<i title="${escaped}">${escaped}</i>`)
  })

  it('keeps HTML, joins lists, and writes nothing for null', () => {
    const items = ['a', '<'].map((text) => html`<li>${text}</li>`)
    expect(html`<ul>${items}</ul>${null}${trusted('<hr>')}${3}`.text).toBe(
      '<ul><li>a</li><li>&lt;</li></ul><hr>3',
    )
  })
})

describe('jsonScript', () => {
  it('holds any text, and ends where it should', () => {
    const value = { name: '</script><script>alert(1)</script>', numbers: [1, 2] }
    const { text } = jsonScript('data', value)
    const [, id, json] = /^<script type="application\/json" id="(\w+)">([^<]*)<\/script>$/.exec(text) ?? []
    expect(id).toBe('data')
    expect(JSON.parse(json as string)).toEqual(value)
  })
})
