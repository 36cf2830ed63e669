import { describe, expect, it } from 'vitest'
import { notableFeatures, parseCpuinfo, processorFlags } from '../../core/system.js'
import { lacking } from './processor.js'

const zen =
  'flags : fpu hypervisor pni ssse3 sse4_1 avx avx2 fma f16c bmi2 topoext avx512f avx512bw avx512vl avx512_bf16'
const older = 'flags : fpu pni ssse3 sse4_1 avx avx2 fma f16c bmi2'

describe('a binary of another processor', () => {
  it('is known by the instructions that this one lacks', () => {
    expect(lacking(parseCpuinfo(zen), parseCpuinfo(older))).toBe('avx512f, avx512bw, avx512vl and 1 more')
    expect(lacking(parseCpuinfo(zen), parseCpuinfo(zen.replace(' fma', '')))).toBe('fma')
    expect(lacking(parseCpuinfo('Features : fp asimd sve'), parseCpuinfo('Features : fp asimd'))).toBe('sve')
  })

  it('may run where all are there, whatever else differs, and where nothing is known', () => {
    expect(lacking(parseCpuinfo(older), parseCpuinfo(zen))).toBeNull()
    expect(
      lacking(parseCpuinfo(zen), parseCpuinfo(zen.replace(' hypervisor', '').replace(' topoext', ''))),
    ).toBeNull()
    expect(lacking(parseCpuinfo(zen), new Set())).toBeNull()
    expect(lacking(new Set(), parseCpuinfo(older))).toBeNull()
    expect(lacking(processorFlags(), processorFlags())).toBeNull()
    expect(notableFeatures(processorFlags()).length).toBeGreaterThan(0)
  })
})
