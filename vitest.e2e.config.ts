import { defineConfig } from 'vitest/config';

/** Tests in a real browser, apart from the others: they need Chromium. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    fileParallelism: false,
  },
});
