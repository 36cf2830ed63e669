import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
    // Against what hangs, not what is slow: other work on the machine must fail no test.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Both engines use every core themselves: files run one after another.
    fileParallelism: false,
  },
})
