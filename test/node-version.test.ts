import { expect, test } from 'vitest';

test('the project runs on the major version of the Lambda runtime, or on one that runs TypeScript as it is', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOptionalNodeHere = process.platform === 'linux' && process.arch === 'x64';
  if (isOptionalNodeHere) expect(major).toBe(24);
  else expect(major > 22 || (major === 22 && minor >= 18)).toBe(true);
});
