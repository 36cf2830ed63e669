/** The script of all pages: the theme's button, and the dialog behind the cells of a confusion matrix. */
export const script = `
'use strict'
{
  const root = document.documentElement
  const button = document.getElementById('theme')
  const themes = ['auto', 'light', 'dark']
  const store = (action) => { try { return action(localStorage) } catch { return null } }
  const show = (theme) => {
    if (theme === 'auto') delete root.dataset.theme
    else root.dataset.theme = theme
    button.textContent = 'Theme: ' + theme
  }
  let theme = store((s) => s.getItem('atelier-theme'))
  if (!themes.includes(theme)) theme = 'auto'
  show(theme)
  button.hidden = false
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length]
    show(theme)
    store((s) => s.setItem('atelier-theme', theme))
  })
}
{
  const matrix = document.querySelector('.matrix')
  const dialog = document.getElementById('cell')
  if (matrix && dialog) {
    // Images and all: read when they are first wanted.
    let data
    const read = () => data ??= JSON.parse(document.getElementById('cells').textContent)
    const [title, note, list] = ['h2', 'p', 'ul'].map((name) => dialog.querySelector(name))
    const percent = (perMyriad) => (perMyriad / 100).toFixed(2) + ' %'
    const element = (name, properties, ...children) => {
      const made = Object.assign(document.createElement(name), properties)
      made.append(...children)
      return made
    }
    const itemOf = (right, columns) => ([index, confidence, own], position) => {
      const image = element('span', { className: 'tile', role: 'img', ariaLabel: 'Test image ' + index })
      image.style.setProperty('--x', position % columns)
      image.style.setProperty('--y', Math.floor(position / columns))
      const said = right ? [] : [element('br', {}), 'true: ' + percent(own)]
      return element('li', {}, image, 'Image ' + index, element('br', {}), percent(confidence), ...said)
    }
    const open = (button) => {
      const { classes, cells } = read()
      const { label, predicted, count, images, columns, rows, sheet } = cells[button.dataset.cell]
      const right = label === predicted
      title.textContent = right ? classes[label] + ', classified rightly' : classes[label] + ' taken for ' + classes[predicted]
      const how = right ? 'that the model was least sure of' : 'that the model was surest of'
      const shown = images.length < count ? 'The ' + images.length + ' of ' + count + ' test images ' + how
        : count === 1 ? 'One test image' : 'All ' + count + ' test images'
      const order = right ? ', the least sure first' : ', the surest first'
      note.textContent = shown + (images.length > 1 ? order : '') + '. Percentages are probabilities: '
        + (right ? 'of the class.' : 'of the class given, and of the true class.')
      list.style.setProperty('--sheet', 'url(' + sheet + ')')
      list.style.setProperty('--columns', columns)
      list.style.setProperty('--rows', rows)
      list.replaceChildren(...images.map(itemOf(right, columns)))
      dialog.showModal()
      dialog.scrollTop = 0
    }
    // One cell is in the order of the Tab key, and the arrow keys move on from it.
    const buttons = [...matrix.querySelectorAll('button')]
    const focus = (button) => {
      for (const other of buttons) other.tabIndex = other === button ? 0 : -1
      button.focus()
    }
    buttons.forEach((button, i) => { button.tabIndex = i === 0 ? 0 : -1 })
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
    matrix.addEventListener('keydown', (event) => {
      const move = moves[event.key]
      const cell = event.target.closest('td')
      if (!move || !cell || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      const rows = matrix.tBodies[0].rows
      let [row, column] = [cell.parentElement.rowIndex - matrix.tHead.rows.length, cell.cellIndex]
      for (;;) {
        row += move[0]
        column += move[1]
        const next = rows[row]?.cells[column]
        if (!next || next.tagName !== 'TD') return
        const button = next.querySelector('button')
        if (button) return focus(button)
      }
    })
    matrix.addEventListener('click', (event) => {
      const button = event.target.closest('button')
      if (!button) return
      focus(button)
      open(button)
    })
    dialog.addEventListener('click', (event) => {
      const outside = event.target === dialog
      if (outside || event.target.closest('button')) dialog.close()
    })
  }
}
`
