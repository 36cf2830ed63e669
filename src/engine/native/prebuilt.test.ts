import { describe, expect, it } from 'vitest'
import { parseCpuinfo } from '../../core/system.js'
import { chooseBuild, findPrebuilt, prebuiltPackage } from './prebuilt.js'

const builds = [
  { file: 'v4', processor: ['sse4_2', 'avx2', 'abm', 'avx512f'] },
  { file: 'v3', processor: ['sse4_2', 'avx2', 'abm'] },
  { file: 'v2', processor: ['sse4_2'] },
]
const chosen = (flags: string) => chooseBuild(builds, parseCpuinfo(`flags : ${flags}`))?.file

describe('the build of a package', () => {
  it('is the best that the processor runs', () => {
    expect(chosen('fpu sse4_2 abm avx avx2 avx512f')).toBe('v4')
    expect(chosen('fpu sse4_2 abm avx avx2')).toBe('v3')
    expect(chosen('fpu sse4_2 avx avx2')).toBe('v2')
    expect(chosen('fpu')).toBeUndefined()
  })

  it('is the one that asks for least where nothing is known of the processor', () => {
    expect(chooseBuild(builds, new Set())?.file).toBe('v2')
    expect(chooseBuild([], new Set())).toBeNull()
  })
})

describe('the package', () => {
  it('has the name of its system, and is told to be missing', () => {
    expect(prebuiltPackage({ platform: 'linux', arch: 'x64' })).toBe('atelier-native-linux-x64')
    const name = 'atelier-native-linux-x64'
    expect(findPrebuilt('1.2.3', new Set(), name)).toEqual({
      ...{ file: null, reason: `its package ${name} is not installed`, hint: `npm install ${name}` },
    })
    const other = findPrebuilt('1.2.3', new Set(), 'atelier-native-none-none')
    expect(other).toMatchObject({
      file: null,
      reason: expect.stringMatching(/^there is no package of it for/),
    })
  })
})
