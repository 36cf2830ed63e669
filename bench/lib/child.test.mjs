import { afterEach, describe, expect, it } from 'vitest'
import { Child } from './child.mjs'

let child
const start = (program) => {
  child = new Child(process.execPath, ['-e', program], {})
  return child
}
const echo = `console.log('a greeting'); process.stdin.on('data', (line) => console.log(JSON.stringify({ heard: JSON.parse(line) })))`
afterEach(() => child.stop())

describe('Child', () => {
  it('asks and hears, past what libraries print', async () => {
    expect(await start(echo).ask('run', { seconds: 1 })).toEqual({ heard: { do: 'run', seconds: 1 } })
    expect(await child.ask('stop')).toEqual({ heard: { do: 'stop' } })
    expect(child.peakMemory()).toBeGreaterThan(10e6)
  })

  it('throws what the contestant says went wrong', async () => {
    const saying = `process.stdin.on('data', () => console.log('{"error": "no such model"}'))`
    await expect(start(saying).ask('prepare')).rejects.toThrow('no such model')
  })

  it('throws the error that ended the process', async () => {
    await expect(start(`throw new TypeError('broken')`).ask('prepare')).rejects.toThrow('TypeError: broken')
    await expect(child.ask('run')).rejects.toThrow()
  })

  it('throws when the program is not there', async () => {
    child = new Child('no-such-program', [], {})
    await expect(child.ask('prepare')).rejects.toThrow('no-such-program')
  })
})
