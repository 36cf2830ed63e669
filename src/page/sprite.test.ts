import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { packSheet, sheetStyle, tile, tileStyle } from './sprite.js'

describe('packSheet', () => {
  it('puts tile after tile into rows of ten', async () => {
    const [width, height, count] = [3, 2, 12]
    const pixels = Uint8Array.from({ length: count * width * height }, (_, i) => i)
    const sheet = await packSheet({ pixels, width, height })
    expect([sheet.columns, sheet.rows]).toEqual([10, 2])
    const { data, info } = await sharp(sheet.png)
      .extractChannel(0)
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([30, 4])
    // Tile 11 stands in the second row and column.
    const rows = [2, 3].map((y) => [...data.subarray(30 * y + 3, 30 * y + 6)])
    expect(rows).toEqual([
      [66, 67, 68],
      [69, 70, 71],
    ])
    expect(tile(sheet, 11, 'A "bag"').text).toBe(
      '<span class="tile" role="img" aria-label="A &quot;bag&quot;" style="--x:1;--y:1"></span>',
    )
    expect(sheetStyle('some', sheet)).toMatch(
      /^\.some\{--columns:10;--rows:2;--sheet:url\(data:image\/png;base64,/,
    )
  })

  it('makes an empty sheet of no tiles', async () => {
    expect(await packSheet({ pixels: new Uint8Array(), width: 3, height: 2 })).toMatchObject({
      columns: 1,
      rows: 1,
    })
  })
})

describe('tileStyle', () => {
  it('enlarges by whole factors', () => {
    expect(tileStyle({ width: 28, height: 28 })).toBe(':root{--tile-width:56px;--tile-height:56px}')
    expect(tileStyle({ width: 10, height: 20 })).toBe(':root{--tile-width:30px;--tile-height:60px}')
    expect(tileStyle({ width: 200, height: 100 })).toBe(':root{--tile-width:200px;--tile-height:100px}')
  })
})
