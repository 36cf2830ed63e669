import { defineConfig } from 'vitest/config'

/** Mocks modules, which files that share them would see too. */
const MOCKING = ['src/engine/fallback.test.ts', 'src/export/unchecked.test.ts']

export default defineConfig({
  test: {
    // Against what hangs, not what is slow: other work on the machine must fail no test.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // More than the two processors of a small machine: browsers, servers and their processes are waited for as much as
    // they work.
    maxWorkers: 3,
    // Threads of one engine that spin while they wait would keep the processors from those of the other.
    env: { OMP_WAIT_POLICY: 'passive' },
    projects: [
      {
        extends: true,
        // To load what they test takes longer than most of them: files share it.
        test: {
          name: 'units',
          include: ['src/**/*.test.ts'],
          exclude: MOCKING,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts', 'bench/**/*.test.ts', 'soak/**/*.test.ts', ...MOCKING],
        },
      },
    ],
  },
})
