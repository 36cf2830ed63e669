/** Text as its bytes hold it, whatever program saved them. */

/** The byte order marks that editors put before a text, and what they say of it. */
const marks = [
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
] as const

/**
 * The text of a file: UTF-8, or UTF-16 where a byte order mark says so, without that mark and with line ends `\n` in
 * place of `\r\n`: editors and spreadsheets add both, and neither can be seen.
 */
export function decodeText(bytes: Uint8Array): string {
  const marked = marks.find((mark) => mark.bytes.every((byte, i) => bytes[i] === byte))
  return new TextDecoder(marked?.encoding ?? 'utf-8').decode(bytes).replaceAll('\r\n', '\n')
}
