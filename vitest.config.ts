import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/lib/*.test.mjs'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Both engines use every core themselves: files run one after another.
    fileParallelism: false,
  },
})
