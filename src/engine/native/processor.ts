/** Whether a binary that was compiled for one processor may be run on another. */

/**
 * What a compiler that is told to use all of a processor may put into a binary, as Linux names it in /proc/cpuinfo on x86
 * and Arm; the other flags there are the system's affair.
 */
const instructions = new RegExp(
  `^(${[
    ...['pni', 'ssse3', 'sse4_1', 'sse4_2', 'sse4a', 'popcnt', 'movbe', 'abm', 'adx', 'bmi1', 'bmi2', 'f16c'],
    ...['fma', 'fma4', 'xop', 'tbm', 'aes', 'vaes', 'pclmulqdq', 'vpclmulqdq', 'gfni', 'sha_ni'],
    ...['avx', 'avx2', 'avx_\\w+', 'avx512\\w*', 'amx_\\w+'],
    ...[
      'asimd\\w*',
      'fphp',
      'sve\\w*',
      'sme\\w*',
      'bf16',
      'i8mm',
      'crc32',
      'atomics',
      'lrcpc',
      'fcma',
      'jscvt',
    ],
  ].join('|')})$`,
)

const MOST_NAMED = 3

/**
 * Of the flags of the processor that a binary was built on, the instructions that this one lacks, in words; null where it
 * has all of them. A processor of which nothing is known, or was when it was built, passes.
 */
export function lacking(builtOn: ReadonlySet<string>, present: ReadonlySet<string>): string | null {
  if (present.size === 0) return null
  const missing = [...builtOn].filter((flag) => instructions.test(flag) && !present.has(flag))
  if (missing.length === 0) return null
  const named = missing.slice(0, MOST_NAMED).join(', ')
  return missing.length > MOST_NAMED ? `${named} and ${missing.length - MOST_NAMED} more` : named
}
