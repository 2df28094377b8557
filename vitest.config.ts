import { defineConfig } from 'vitest/config';

const all = ['test/**/*.test.ts'];
/** They only read templates, and loading aws-cdk-lib anew for each file took two thirds of their time. */
const templates = ['test/infra/!(synth).test.ts'];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By itself vitest leaves one processor idle, of two.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'all', include: all, exclude: templates } },
      { extends: true, test: { name: 'templates', include: templates, isolate: false } },
    ],
  },
});
