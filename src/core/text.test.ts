import { describe, expect, it } from 'vitest'
import { decodeText } from './text.js'

const text = '["Áo", "Quần"]\n"1"\n'
const windows = text.replaceAll('\n', '\r\n')

describe('decodeText', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-8 with CRLF', Buffer.from(windows)],
    ['UTF-16, as PowerShell writes it', Buffer.from(`\uFEFF${windows}`, 'utf16le')],
    ['UTF-16, the high byte first', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('%s', (_, bytes) => {
    expect(decodeText(bytes)).toBe(text)
  })

  it('of nothing is empty', () => {
    expect(decodeText(new Uint8Array())).toBe('')
  })
})
