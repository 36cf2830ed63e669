import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { atelierCommand, commandLine, quoted } from './shell.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

it('words come through a shell as they were', () => {
  const words = [
    ...[
      'runs/my first run',
      "it's",
      '',
      '$HOME `id` "x" \\',
      '*?[a]{b,c}',
      '~',
      'a;b|c&d>e<f(g)',
      '#x',
      '!!',
      '=ls',
    ],
    ...['teacher={"model":"cnn","share":0.5}', 'hai\ndòng', '--set', 'a=b'],
  ]
  const shown = execFileSync('sh', ['-c', `printf '%s\\0' ${commandLine(words)}`], { encoding: 'utf8' })
  expect(shown.split('\0').slice(0, -1)).toEqual(words)
  expect(commandLine(['train', '--resume', 'runs/nn-quick-seed1', '--set', 'epochs=3', '/a:b,c@d%'])).toBe(
    'train --resume runs/nn-quick-seed1 --set epochs=3 /a:b,c@d%',
  )
})

it("words for Windows' shells stand in double quotes, and backslashes as they are", () => {
  const shown = ['runs\\nn-quick-seed1', 'C:\\my runs', 'epochs=3', 'say "x"', ''].map((word) =>
    quoted(word, 'win32'),
  )
  expect(shown).toEqual(['runs\\nn-quick-seed1', '"C:\\my runs"', 'epochs=3', '"say \\"x\\""', '""'])
})

describe('the command', () => {
  /** A folder with a link to the program, as npm makes them, below one with a blank in its name. */
  async function linked(...path: readonly string[]) {
    const base = await mkdtemp(join(tmpdir(), 'atelier shell-'))
    const folder = join(base, ...path)
    await mkdir(folder, { recursive: true })
    await symlink(program, join(folder, 'atelier'))
    return { base, folder, remove: () => rm(base, { recursive: true }) }
  }

  it('is atelier where a shell finds this program by that name, and not where npm alone does', async () => {
    const [own, npms] = await Promise.all([linked('bin'), linked('node_modules', '.bin')])
    vi.spyOn(process, 'cwd').mockReturnValue(tmpdir())
    vi.stubEnv('PATH', [own.folder, '/usr/bin'].join(delimiter))
    expect(atelierCommand('train', '--resume', 'my run')).toBe("atelier train --resume 'my run'")
    vi.stubEnv('PATH', [npms.folder, '/usr/bin'].join(delimiter))
    expect(atelierCommand('--help')).toBe(`${commandLine(['node', program])} --help`)
    await Promise.all([own.remove(), npms.remove()])
  })

  it('is that of npx in folders where npx finds it, and below', async () => {
    const { base, remove } = await linked('node_modules', '.bin')
    vi.stubEnv('PATH', '/usr/bin')
    vi.spyOn(process, 'cwd').mockReturnValue(join(base, 'a', 'b'))
    expect(atelierCommand('doctor')).toBe('npx --no-install atelier doctor')
    await remove()
  })

  it('is no other program of that name', async () => {
    const { base, folder, remove } = await linked('node_modules', '.bin')
    await rm(join(folder, 'atelier'))
    await symlink('/bin/true', join(folder, 'atelier'))
    await symlink('/bin/true', join(base, 'atelier'))
    vi.stubEnv('PATH', base)
    vi.spyOn(process, 'cwd').mockReturnValue(base)
    expect(atelierCommand('doctor')).toBe(`${commandLine(['node', program])} doctor`)
    await remove()
  })
})
