/**
 * Draws the product pictures in examples/photos, one of each class: `npx --no-install jiti examples/draw-photos.ts`. A garment is
 * outlines with a gradient for its roundness and blurred strokes for its folds, in front of what a shop would have.
 */
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const folder = new URL('photos/', import.meta.url)

interface Picture {
  readonly file: string
  readonly width: number
  readonly height: number
  /** Above and below; null leaves it transparent. */
  readonly back: readonly [top: string, bottom: string] | null
  readonly colours: readonly [light: string, middle: string, dark: string]
  readonly draw: () => string
}

/** Definitions that every picture shares: cloth lit from the upper left, and soft edges. */
const definitions = (light: string, middle: string, dark: string) => `
  <linearGradient id="cloth" x1="0" y1="0" x2="1" y2="0.25">
    <stop offset="0" stop-color="${middle}"/><stop offset="0.3" stop-color="${light}"/>
    <stop offset="0.65" stop-color="${middle}"/><stop offset="1" stop-color="${dark}"/>
  </linearGradient>
  <linearGradient id="round" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="${light}"/><stop offset="0.5" stop-color="${middle}"/>
    <stop offset="1" stop-color="${dark}"/>
  </linearGradient>
  <filter id="soft" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="5"/></filter>
  <filter id="softer" x="-30%" y="-200%" width="160%" height="500%"><feGaussianBlur stdDeviation="9"/></filter>`

const shape = (path: string, fill = 'url(#cloth)', more = '') => `<path d="${path}" fill="${fill}" ${more}/>`
const line = (path: string, colour: string, width = 2, more = '') =>
  `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" ${more}/>`
const fold = (path: string, colour: string, width = 9) =>
  line(path, colour, width, 'opacity="0.45" filter="url(#soft)"')
const stitch = (path: string, colour: string) => line(path, colour, 1.6, 'stroke-dasharray="5 4"')
/** What a thing throws on the ground below it. */
const shadow = (x: number, y: number, rx: number) =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="7" fill="#000" opacity="0.16" filter="url(#softer)"/>`

const backdrop = (width: number, height: number, top: string, bottom: string) => `
  <linearGradient id="backdrop" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/>
  </linearGradient><rect width="${width}" height="${height}" fill="url(#backdrop)"/>`

const tShirt: Picture = {
  file: 't-shirt.jpg',
  width: 460,
  height: 480,
  back: ['#fbfbfa', '#efefed'],
  colours: ['#4f83b5', '#38699a', '#274d74'],
  draw: () => `
    ${shape('M172 62 Q230 78 288 62 L366 96 Q400 112 412 150 L432 208 L366 232 L346 180 Q342 300 350 428 Q230 442 110 428 Q118 300 114 180 L94 232 L28 208 L48 150 Q60 112 94 96 Z')}
    ${shape('M172 62 Q230 78 288 62 Q272 112 230 114 Q188 112 172 62 Z', '#1f3e5e')}
    ${line('M170 62 Q186 121 230 123 Q274 121 290 62', '#6d9cc8', 9)}
    ${line('M118 104 Q112 150 114 184 M342 104 Q348 150 346 184', '#234766', 3)}
    ${fold('M128 220 Q150 260 140 330 M330 200 Q300 270 322 360 M190 180 Q200 240 180 300 M250 330 Q270 380 262 420', '#1d3d5d')}
    ${fold('M160 150 Q150 240 168 400 M282 150 Q270 220 280 300', '#8db8de', 12)}
    ${stitch('M112 418 Q230 432 348 418 M34 198 L92 220 M426 198 L368 220', '#7aa6cf')}`,
}

const trouser: Picture = {
  file: 'trouser.jpg',
  width: 360,
  height: 560,
  back: ['#f6f4f1', '#e9e6e1'],
  colours: ['#5b6478', '#434b5e', '#2b3140'],
  draw: () => `
    ${shape('M112 40 L248 40 Q262 150 266 250 Q264 400 254 524 L194 524 Q190 360 180 214 Q170 360 166 524 L106 524 Q96 400 94 250 Q98 150 112 40 Z')}
    ${shape('M112 40 L248 40 L250 62 L110 62 Z', '#39404f')}
    ${line('M180 62 L180 214 M180 130 Q196 132 196 66', '#262b37', 3)}
    ${line('M118 66 Q122 110 102 120 M242 66 Q238 110 258 120', '#262b37', 3)}
    ${fold('M180 200 Q150 216 124 214 M180 206 Q210 220 236 218 M120 330 Q140 344 160 340 M204 346 Q226 356 244 348 M116 470 Q136 480 158 474', '#1d212b')}
    ${fold('M132 130 Q124 300 132 510 M228 130 Q236 300 226 510', '#8b95ac', 10)}
    <circle cx="180" cy="51" r="5" fill="#c9c2a8"/>`,
}

const pullover: Picture = {
  file: 'pullover.jpg',
  width: 480,
  height: 500,
  back: ['#fcfcfc', '#f1f1f1'],
  colours: ['#8a5a54', '#6f423d', '#4c2b28'],
  draw: () => `
    ${shape('M120 110 Q88 124 78 176 L50 420 Q48 446 62 448 L102 450 L142 210 Z', 'url(#cloth)')}
    ${shape('M360 110 Q392 124 402 176 L430 420 Q432 446 418 448 L378 450 L338 210 Z', 'url(#cloth)')}
    ${shape('M186 60 Q240 76 294 60 L364 104 Q366 200 358 290 L362 458 Q240 470 118 458 L122 290 Q114 200 116 104 Z')}
    ${shape('M186 60 Q240 78 294 60 Q282 96 240 98 Q198 96 186 60 Z', '#3a201e')}
    ${line('M184 62 Q198 107 240 109 Q282 107 296 62', '#9a6a63', 14)}
    ${line('M134 118 Q138 220 132 330 M346 118 Q342 220 348 330', '#3d2220', 5)}
    ${shape('M118 432 Q240 444 362 432 L362 460 Q240 472 118 460 Z', '#5f3733')}
    ${shape('M50 416 L106 422 L102 452 L58 448 Q48 446 50 416 Z M430 416 L374 422 L378 452 L422 448 Q432 446 430 416 Z', '#5f3733')}
    ${Array.from({ length: 24 }, (_, i) => line(`M${124 + i * 10} 440 L${124 + i * 10} 464`, '#452724', 1.6)).join('')}
    ${fold('M180 180 Q170 260 186 360 M300 160 Q312 260 296 380 M236 240 Q250 300 240 400 M84 260 Q96 300 88 360 M396 260 Q384 300 392 370', '#37201d')}
    ${fold('M160 130 Q150 240 162 400 M270 140 Q262 200 268 260', '#b98780', 12)}`,
}

const dress: Picture = {
  file: 'dress.jpg',
  width: 360,
  height: 600,
  back: ['#faf7f2', '#efe9e0'],
  colours: ['#b24357', '#8f2c40', '#651c2c'],
  draw: () => `
    ${shape('M128 50 Q132 82 142 92 Q180 118 218 92 Q228 82 232 50 L250 52 Q252 110 262 150 Q248 190 244 232 Q268 380 290 548 Q180 568 70 548 Q92 380 116 232 Q112 190 98 150 Q108 110 110 52 Z')}
    ${shape('M116 226 Q180 240 244 226 L245 246 Q180 260 115 246 Z', '#571624')}
    ${line('M110 54 Q100 120 99 150 M250 54 Q260 120 261 150', '#571624', 3)}
    ${line('M130 52 Q136 90 146 98 Q180 122 214 98 Q224 90 230 52', '#d3788a', 4)}
    ${fold('M140 262 Q124 400 108 540 M170 262 Q164 400 156 552 M206 262 Q214 400 224 552 M230 262 Q246 400 264 540', '#45101c')}
    ${fold('M156 264 Q140 400 132 540 M190 264 Q192 400 190 550 M146 130 Q150 180 142 214', '#dd8d9c', 9)}`,
}

const coat: Picture = {
  file: 'coat.png',
  width: 460,
  height: 580,
  back: null,
  colours: ['#7d7465', '#5f574b', '#403a31'],
  draw: () => `
    ${shape('M112 112 Q82 126 74 184 L46 452 Q46 470 60 472 L104 474 L140 220 Z')}
    ${shape('M348 112 Q378 126 386 184 L414 452 Q414 470 400 472 L356 474 L320 220 Z')}
    ${shape('M180 56 L280 56 L354 104 Q352 230 346 300 L372 544 Q300 552 232 550 Q160 552 88 544 L114 300 Q108 230 106 104 Z')}
    ${shape('M184 56 L230 150 L276 56 Q230 70 184 56 Z', '#2b2620')}
    ${shape('M180 54 L150 92 L196 176 L176 180 L230 262 L230 150 L186 58 Z', '#6f6658')}
    ${shape('M280 54 L310 92 L264 176 L284 180 L230 262 L230 150 L274 58 Z', '#544c41')}
    ${line('M230 262 L236 550', '#2b2620', 5)}
    ${line('M180 54 L150 92 L196 176 L176 180 L230 262 M280 54 L310 92 L264 176 L284 180 L230 262', '#2f2a23', 3)}
    ${line('M128 120 Q132 220 122 320 M332 120 Q328 220 338 320', '#2f2a23', 5)}
    ${shape('M132 372 L192 378 L191 392 L131 386 Z M328 372 L268 378 L269 392 L329 386 Z', '#3a342c')}
    ${[290, 350, 410].map((y) => `<circle cx="214" cy="${y}" r="7" fill="#211d18"/><circle cx="252" cy="${y}" r="7" fill="#211d18"/>`).join('')}
    ${fold('M160 410 Q150 470 146 540 M300 410 Q312 470 316 540 M70 300 Q84 340 74 400 M390 300 Q376 340 386 400', '#2b2620')}
    ${fold('M150 200 Q150 300 160 360 M300 290 Q296 420 286 530', '#a59b89', 11)}`,
}

const sandal: Picture = {
  file: 'sandal.jpg',
  width: 560,
  height: 360,
  back: ['#fdfdfd', '#f0efee'],
  colours: ['#8d5b34', '#6d4222', '#472a14'],
  draw: () => `
    ${shadow(280, 318, 230)}
    ${shape('M40 296 Q60 280 110 282 Q200 286 280 250 Q360 208 430 156 Q466 140 496 150 L500 168 Q470 172 440 196 Q372 250 300 284 Q200 316 60 314 Q38 312 40 296 Z', '#3b2413')}
    ${shape('M496 152 Q508 176 500 206 L484 316 L462 316 L458 206 Q452 186 458 166 Z', '#2e1b0d')}
    ${shape('M92 284 Q110 214 176 210 L204 214 Q212 250 206 282 L180 285 Q176 252 158 250 Q134 254 128 286 Z', 'url(#round)')}
    ${shape('M224 276 Q222 226 250 190 L276 196 Q262 232 262 262 Z', 'url(#round)')}
    ${shape('M440 152 Q436 110 448 70 Q470 62 490 72 Q502 116 496 154 Z', 'url(#round)')}
    ${shape('M452 82 Q380 60 318 104 L326 124 Q384 88 450 106 Z', 'url(#round)')}
    ${line('M250 194 Q280 132 324 110', '#5b371c', 18)}
    <rect x="334" y="80" width="24" height="30" rx="4" fill="none" stroke="#c9b37a" stroke-width="5"/>
    ${fold('M112 268 Q130 228 180 226', '#c89468', 6)}`,
}

const shirt: Picture = {
  file: 'shirt.jpg',
  width: 460,
  height: 520,
  back: ['#ffffff', '#f4f4f4'],
  colours: ['#a9b9a5', '#879a84', '#65775f'],
  draw: () => `
    ${shape('M118 108 Q88 122 76 178 L40 404 Q40 420 54 422 L94 430 L140 214 Z')}
    ${shape('M342 108 Q372 122 384 178 L420 404 Q420 420 406 422 L366 430 L320 214 Z')}
    ${shape('M178 66 L282 66 L346 104 Q346 210 338 280 L346 440 Q338 478 300 484 Q230 462 160 484 Q122 478 114 440 L122 280 Q114 210 114 104 Z')}
    ${shape('M180 64 Q230 88 280 64 L262 92 L230 112 L198 92 Z', '#3f4c3c')}
    ${shape('M182 56 Q168 66 164 80 L192 134 L230 112 Q194 92 182 56 Z', '#b9c8b5')}
    ${shape('M278 56 Q292 66 296 80 L268 134 L230 112 Q266 92 278 56 Z', '#93a68f')}
    ${line('M182 56 Q168 66 164 80 L192 134 L230 112 L268 134 L296 80 Q292 66 278 56', '#4f5e4b', 3)}
    ${line('M219 120 L219 468 M243 120 L243 468', '#56664f', 3)}
    ${[150, 205, 260, 315, 370, 425].map((y) => `<circle cx="231" cy="${y}" r="6" fill="#f4f1e6" stroke="#4f5e4b" stroke-width="2"/>`).join('')}
    ${line('M262 190 L318 190 L318 240 Q290 258 262 240 Z', '#56664f', 3)}
    ${line('M130 116 Q136 220 128 320 M330 116 Q324 220 332 320', '#4c5a47', 5)}
    ${line('M46 384 L100 396 M414 384 L360 396', '#4c5a47', 4)}
    ${fold('M160 230 Q150 320 166 440 M292 270 Q306 350 292 460 M74 250 Q88 300 74 350 M388 250 Q372 300 384 360', '#44523f')}
    ${fold('M178 160 Q172 280 186 420', '#dbe5d7', 12)}`,
}

const sneaker: Picture = {
  file: 'sneaker.jpg',
  width: 600,
  height: 320,
  back: ['#fafafa', '#ececec'],
  colours: ['#67707a', '#4a525b', '#30363d'],
  draw: () => `
    ${shadow(300, 270, 250)}
    ${shape('M44 224 Q46 196 92 184 Q168 168 224 128 Q262 96 300 70 L322 66 Q330 82 352 92 Q420 108 470 86 Q492 64 520 66 Q546 96 544 160 L550 232 L52 240 Q42 238 44 224 Z', 'url(#round)')}
    ${shape('M40 226 Q120 238 300 234 Q460 230 556 222 Q562 246 552 262 Q300 276 66 266 Q36 258 40 226 Z', '#d8d8d4')}
    ${line('M48 252 Q300 262 554 248', '#8d8d88', 4)}
    ${shape('M44 224 Q48 196 96 184 Q128 178 152 168 Q150 210 166 234 L52 236 Q42 234 44 224 Z', '#394048')}
    ${shape('M476 92 Q496 70 520 68 Q546 98 544 160 L548 226 L470 230 Q488 160 476 92 Z', '#394048')}
    ${shape('M222 134 Q262 104 302 72 L322 68 L346 92 Q310 118 272 166 Z', '#7d868f')}
    ${[0, 1, 2, 3].map((i) => line(`M${236 + 22 * i} ${134 - 16 * i} L${276 + 20 * i} ${160 - 18 * i}`, '#f3f3f0', 7)).join('')}
    ${shape('M262 232 Q330 196 440 138 Q392 196 330 234 Z', '#e6e6e2')}
    ${fold('M180 190 Q220 176 250 200 M360 110 Q420 128 462 110', '#1e2226', 6)}
    ${stitch('M164 232 Q150 206 154 172 M474 226 Q486 160 478 98', '#9aa3ad')}`,
}

const bag: Picture = {
  file: 'bag.jpg',
  width: 500,
  height: 480,
  back: ['#202226', '#16171a'],
  colours: ['#d9b48a', '#bd9468', '#94704a'],
  draw: () => `
    ${line('M162 206 Q162 60 250 58 Q338 60 338 206', '#a67f54', 18)}
    ${line('M162 206 Q162 60 250 58 Q338 60 338 206', '#d0ac80', 6)}
    ${shape('M92 196 Q250 180 408 196 L440 404 Q442 428 418 430 Q250 440 82 430 Q58 428 60 404 Z')}
    ${shape('M92 196 Q250 180 408 196 L418 262 Q340 318 250 320 Q160 318 82 262 Z', 'url(#round)')}
    ${line('M82 262 Q160 318 250 320 Q340 318 418 262', '#7a5a38', 5)}
    ${stitch('M90 256 Q164 306 250 308 Q336 306 410 256 M70 410 Q250 422 430 410', '#f1d9b8')}
    ${shape('M232 298 h36 v40 q-18 12 -36 0 Z', '#e8dfc4')}
    ${line('M250 312 v14', '#6b5a34', 5)}
    ${[162, 338].map((x) => `<circle cx="${x}" cy="210" r="13" fill="#e8dfc4"/><circle cx="${x}" cy="210" r="6" fill="#8c6a44"/>`).join('')}
    ${fold('M100 330 Q112 380 100 424 M396 330 Q388 380 402 424', '#6f5233')}`,
}

const ankleBoot: Picture = {
  file: 'ankle-boot.jpg',
  width: 520,
  height: 480,
  back: ['#f7f6f4', '#e8e6e2'],
  colours: ['#6b4a35', '#4c3323', '#2e1d13'],
  draw: () => `
    ${shadow(262, 442, 210)}
    ${shape('M262 46 Q350 34 440 48 Q436 150 446 250 Q456 330 462 396 L60 412 Q42 398 52 366 Q70 330 138 318 Q220 300 252 244 Q272 170 262 46 Z')}
    ${shape('M52 394 Q200 410 330 400 L466 390 L470 414 L468 446 L352 446 L342 418 Q200 432 62 424 Q48 416 52 394 Z', '#1d1410')}
    ${shape('M52 372 Q70 330 138 318 Q166 312 186 302 Q216 340 206 404 L58 408 Q46 392 52 372 Z', '#3c281b')}
    ${line('M186 302 Q216 340 206 404', '#24170f', 4)}
    ${shape('M322 48 L386 44 Q392 150 384 232 L338 236 Q330 150 322 48 Z', '#33241a')}
    ${Array.from({ length: 12 }, (_, i) => line(`M${328 + i * 0.8} ${60 + i * 15} L${384 + i * 0.2} ${57 + i * 15}`, '#1f150e', 2)).join('')}
    ${line('M262 50 Q350 38 440 52', '#8a6248', 7)}
    ${shape('M420 50 L422 26 L440 28 L440 54 Z', '#5b3f2c')}
    ${fold('M262 232 Q310 262 350 256 M250 262 Q300 296 360 290 M430 240 Q400 262 372 262', '#1a100a', 8)}
    ${fold('M290 80 Q300 160 286 220 M90 350 Q140 330 170 332 M414 90 Q410 180 420 240', '#a67a5a', 10)}`,
}

for (const picture of [tShirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankleBoot]) {
  const { file, width, height, back, colours, draw } = picture
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs>${definitions(...colours)}</defs>${back ? backdrop(width, height, ...back) : ''}${draw()}</svg>`
  const target = fileURLToPath(new URL(file, folder))
  const image = sharp(Buffer.from(svg))
  if (file.endsWith('.png')) await image.png({ palette: true, quality: 90 }).toFile(target)
  else await image.jpeg({ quality: 82, mozjpeg: true }).toFile(target)
}
