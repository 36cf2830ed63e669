import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { reportedRun } from '../../test/support/reported-run.js'
import { reportAtEnd } from './final-report.js'

it('says what failed and how to try again, and throws nothing', async () => {
  const { run, dataset, engine } = await reportedRun(await temporaryFolder())
  // A folder stands where the file has to be.
  await mkdir(join(run.directory, 'report.html'))
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    await reportAtEnd(run, dataset, engine)
    expect(write).toHaveBeenCalledTimes(1)
    expect(write.mock.calls[0]?.[0]).toMatch(
      new RegExp(
        `^The report was not written: .*writable.*Try again with: npx --no-install atelier report ${run.directory}\n$`,
      ),
    )
  } finally {
    write.mockRestore()
  }
})
