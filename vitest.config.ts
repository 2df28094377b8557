import { defineConfig } from 'vitest/config';

const all = ['test/**/*.test.ts'];
/** They need modules of their own: one puts others in the SDK's place, one sets handlers up anew. */
const isolated = ['test/contracts/light-store.test.ts', 'test/functions/runtime.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By itself vitest leaves one processor idle, of two.
    maxWorkers: 2,
    projects: [
      // Loading every module anew for each file took about a tenth of the whole time.
      { extends: true, test: { name: 'all', include: all, exclude: isolated, isolate: false } },
      { extends: true, test: { name: 'isolated', include: isolated } },
    ],
  },
});
