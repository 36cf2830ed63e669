/** The documentation: its links lead somewhere, and it says of commands and recipes what the code does. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../src/cli/program.js'
import { modelNames } from '../src/models/names.js'
import { namedRecipe, recipeNamesOf } from '../src/recipes/index.js'

const notOurs = new Set(['node_modules', 'dist', 'build', 'packages', 'runs'])

function markdownBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || notOurs.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return markdownBelow(path)
    return extname(entry.name) === '.md' ? [path] : []
  })
}

/** A page without its blocks of code. */
const proseOf = (path: string): string => readFileSync(path, 'utf8').replace(/^```.*?^```$/gms, '')

/** Headings as GitHub names them in addresses. */
function anchorsOf(path: string): string[] {
  const headings = proseOf(path).matchAll(/^#+ (.+)$/gm)
  return Array.from(headings, ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Relative links, images among them: `file#heading`, either part being optional. */
function linksOf(path: string): string[] {
  const links = proseOf(path).matchAll(/\]\(([^)\s]+)\)/g)
  return Array.from(links, ([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target))
}

function leadsSomewhere(page: string, link: string): boolean {
  const [file, anchor] = link.split('#') as [string, string?]
  const target = file === '' ? page : join(dirname(page), file)
  return existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor))
}

describe('the links in Markdown files', () => {
  const pages = markdownBelow('.')

  it('are found', () => {
    expect(pages).toContain('README.md')
    expect(linksOf('README.md')).toContain('docs/training.md')
    expect(leadsSomewhere('README.md', 'docs/training.md#recipes')).toBe(true)
    expect(leadsSomewhere('README.md', 'docs/training.md#no-such-heading')).toBe(false)
    expect(leadsSomewhere('README.md', 'docs/no-such-page.md')).toBe(false)
  })

  it.each(pages)('of %s lead somewhere', (page) => {
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([])
  })
})

describe('docs/command-line.md', () => {
  const [head = '', ...parts] = readFileSync('docs/command-line.md', 'utf8').split(/^## /m)
  const sections = new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part]))
  const { commands } = createProgram()

  it('begins with a table of every command, in the order of the help', () => {
    const rows = head.matchAll(/^\| \[`([\w-]+)`\]\(#atelier-([\w-]+)\) \|/gm)
    const listed = Array.from(rows, ([, name, section]) => [name, section])
    expect(listed).toEqual(commands.map((command) => [command.name(), command.name()]))
  })

  it('has a section for each command and for no other', () => {
    const documented = [...sections.keys()].filter((title) => title.startsWith('`atelier '))
    expect(documented).toEqual(commands.map((command) => `\`atelier ${command.name()}\``))
  })

  it.each(commands.map((command) => [command.name(), command] as const))(
    'names every option of %s',
    (name, command) => {
      const section = sections.get(`\`atelier ${name}\``) ?? ''
      const missing = command.options.filter(({ long }) => !section.includes(`\`${long}`))
      expect(missing.map(({ flags }) => flags)).toEqual([])
    },
  )
})

describe('what the program prints', () => {
  /** Pages that are written once and read elsewhere: they say what they call `atelier`. */
  const pages = ['src/results/model-card.ts', 'src/export/huggingface/card.ts']
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((path) => join('src', path))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !pages.includes(path))
  const names = createProgram().commands.map((command) => command.name())
  /** A command within a message: after a colon, or by npx. Those of help texts are given the shell's own name. */
  const written = new RegExp(`(?:: |npx --no-install )atelier (?:${names.join('|')}) `)

  it('names a command by atelierCommand, never by a name of its own', () => {
    expect('Continue with: atelier train --resume RUN').toMatch(written)
    const found = sources.filter((path) => {
      const code = readFileSync(path, 'utf8').replace(/\/\*\*.*?\*\/|\/\/.*?$/gms, '')
      return written.test(code)
    })
    expect(found).toEqual([])
  })
})

describe('docs/training.md', () => {
  const page = readFileSync('docs/training.md', 'utf8')

  it.each(modelNames.flatMap((model) => recipeNamesOf(model).map((recipe) => [recipe, model] as const)))(
    'states the figures of %s for %s',
    (name, model) => {
      const { epochs, batch, schedule, optimizer, holdOut } = namedRecipe(name, model)
      const figures = [epochs, batch, schedule.learningRate, optimizer.weightDecay, holdOut].join(' | ')
      expect(page).toContain(`| \`${name}\` | \`${model}\` | ${figures} |`)
    },
  )
})
