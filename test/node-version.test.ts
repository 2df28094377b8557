import { expect, test } from 'vitest';

test('the project runs on the major version of the Lambda runtime, or on a newer one', () => {
  const major = Number(process.versions.node.split('.')[0]);
  const comesWithNpm = process.platform === 'linux' && process.arch === 'x64';
  expect(comesWithNpm ? major === 24 : major >= 24, process.version).toBe(true);
});
