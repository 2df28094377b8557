import { expect, test } from 'vitest';

test('the project runs on the major version of the Lambda runtime, or on one that runs TypeScript as it is', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const comesWithNpm = process.platform === 'linux' && process.arch === 'x64';
  const isFit = comesWithNpm ? major === 24 : major > 22 || (major === 22 && minor >= 18);
  expect(isFit, process.version).toBe(true);
});
