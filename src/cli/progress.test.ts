import { describe, expect, it } from 'vitest'
import { createProgress, type ProgressStream, renderProgress } from './progress.js'

const state = {
  label: 'Epoch 3/10',
  done: 420,
  total: 1000,
  fields: { loss: '0.4123', accuracy: '85.20 %' },
  elapsed: 42,
}

describe('renderProgress', () => {
  it('shows percentage, bar, fields and the time left', () => {
    expect(renderProgress(state, 100)).toBe(
      'Epoch 3/10  42 %  ━━━━━━━━━━━━━─────────────────  loss 0.4123  accuracy 85.20 %  left 0:58',
    )
  })

  it('fits any width, leaving out the last fields first', () => {
    for (let width = 0; width <= 120; width++) {
      expect(renderProgress(state, width).length).toBeLessThanOrEqual(width)
    }
    expect(renderProgress(state, 60)).toBe('Epoch 3/10  42 %  ━━━━━──────  loss 0.4123  accuracy 85.20 %')
    expect(renderProgress(state, 42)).toBe('Epoch 3/10  42 %  ━━━━━──────  loss 0.4123')
    expect(renderProgress(state, 20)).toBe('Epoch 3/10  42 %')
  })

  it('takes the time left that the caller knows', () => {
    expect(renderProgress({ ...state, fields: { left: '2 h 5 min' } }, 100)).toMatch(/─ {2}left 2 h 5 min$/)
  })

  it('holds at the ends', () => {
    expect(renderProgress({ ...state, done: 0, elapsed: 0 }, 50)).toBe(
      'Epoch 3/10   0 %  ───────────────────  loss 0.4123',
    )
    expect(renderProgress({ ...state, done: 1200, fields: {} }, 60)).toBe(
      `Epoch 3/10 100 %  ${'━'.repeat(30)}  left 0:00`,
    )
    expect(renderProgress({ ...state, label: '', total: 0, fields: {} }, 60)).toMatch(/^100 % {2}━+/)
  })
})

describe('createProgress', () => {
  const record = (isTTY: boolean) => {
    let [text, time] = ['', 0]
    const write = (piece: string): boolean => {
      text += piece
      return true
    }
    const stream = { write, isTTY, columns: 60 } as ProgressStream
    const bar = createProgress({ total: 100, label: 'Epoch 1/1' }, stream, () => time)
    const wait = (milliseconds: number): void => {
      time += milliseconds
    }
    return { bar, wait, written: () => text }
  }

  it('repaints at most ten times a second, and at the end', () => {
    const { bar, wait, written } = record(true)
    for (let done = 1; done <= 100; done++) {
      wait(10)
      bar.update(done)
    }
    expect(written().split('\r').length - 1).toBe(11)
    bar.finish('done')
    expect(written()).toContain('100 %')
    expect(written().endsWith('\r\x1b[Kdone\n')).toBe(true)
  })

  it('writes nothing but the last line into a pipe', () => {
    const { bar, written } = record(false)
    bar.update(50, { loss: '1' })
    bar.update(100)
    bar.finish('Epoch 1/1 loss 1')
    expect(written()).toBe('Epoch 1/1 loss 1\n')
  })

  it('leaves no trace of a bar that was never shown', () => {
    const { bar, written } = record(true)
    bar.finish()
    expect(written()).toBe('')
  })
})
