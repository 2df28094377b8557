import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By itself vitest leaves one processor idle, of two.
    maxWorkers: 2,
  },
});
