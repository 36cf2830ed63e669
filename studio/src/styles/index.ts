/** The style sheets, and the colours that pages share with the reports. */
import { colors, heat } from '../../../src/page/theme.js'
import './base.css'
import './controls.css'
import './layout.css'
import './pictures.css'

const { style } = document.documentElement
for (const [name, { light, dark }] of Object.entries(colors)) {
  style.setProperty(`--${name}`, `light-dark(${light}, ${dark})`)
}
for (const [step, { light, dark }] of heat.entries()) {
  style.setProperty(`--heat-${step}`, `light-dark(${light}, ${dark})`)
}
