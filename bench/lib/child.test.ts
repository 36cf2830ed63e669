import { afterEach, describe, expect, it } from 'vitest'
import { Child, lastError } from './child.js'

let child: Child
const start = (program: string): Child => {
  child = new Child(process.execPath, ['-e', program])
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
    child = new Child('no-such-program', [])
    await expect(child.ask('prepare')).rejects.toThrow('no-such-program')
  })

  it('ends a process that does not answer in time', async () => {
    const silent = start('process.stdin.resume()')
    await expect(silent.ask('run', {}, 0.1)).rejects.toThrow('no answer to run in 0.1 s')
    expect(silent.alive).toBe(false)
  })

  it('says which signal ended the process', async () => {
    const program = `process.stdin.on('data', () => process.kill(process.pid, 'SIGABRT'))`
    await expect(start(program).ask('run')).rejects.toThrow('SIGABRT')
  })
})

describe('lastError', () => {
  it('is the last line of a traceback, whatever warnings came before it', () => {
    const text = [
      '/usr/lib/python3/onnx/utils.py:617: UserWarning: an error may follow if ONNX_FALLTHROUGH is set',
      '  warnings.warn(',
      'Traceback (most recent call last):',
      '  File "pytorch.py", line 7, in <module>',
      'torch.cuda.OutOfMemoryError: no memory left',
    ]
    expect(lastError(text.join('\n'))).toBe('torch.cuda.OutOfMemoryError: no memory left')
  })

  it('is no rule below a message', () => {
    expect(lastError('=======\nthe processor has no such instruction\n=======\n')).toBe(
      'the processor has no such instruction',
    )
  })

  it('is what Node prints above the stack', () => {
    const text =
      "file.js:1\nthrow new RangeError('too long')\n^\n\nRangeError: too long\n    at file.js:1:7\n\nNode.js v20.19.0\n"
    expect(lastError(text)).toBe('RangeError: too long')
  })

  it('is the last line where none names an error', () => {
    expect(lastError('starting\nterminate called without an active exception\n')).toBe(
      'terminate called without an active exception',
    )
    expect(lastError('')).toBeUndefined()
  })
})
