import { expect, test, vi } from 'vitest'
import { Memo } from './memo.js'

test('what is there is computed once a version; what failed or is not there yet, again', async () => {
  const memo = new Memo<number | null>()
  const compute = vi.fn(async () => 1 as number | null)
  compute.mockRejectedValueOnce(new Error('damaged')).mockResolvedValueOnce(null)
  const get = (version = '1') => memo.get('a', version, compute)
  await expect(get()).rejects.toThrow('damaged')
  expect([await get(), await get(), await get(), await get('2')]).toEqual([null, 1, 1, 1])
  expect(compute).toHaveBeenCalledTimes(4)
})
