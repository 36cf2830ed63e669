import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { checkEmpty } from './run-folder.js'

it('a file is no place for a run', async () => {
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  await expect(checkEmpty(file)).rejects.toThrow(
    /^--out: expected a new or empty folder, received .*ENOTDIR.*Choose another folder with --out$/,
  )
})
