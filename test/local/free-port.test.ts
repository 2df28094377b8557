import { expect, test } from 'vitest';
import { freePort } from '../../local/free-port.ts';

test('no port is given twice, and none that an outgoing connection could take before it is used', async () => {
  const ports: number[] = [];
  for (let asked = 0; asked < 500; asked += 1) ports.push(await freePort());
  expect(new Set(ports).size).toBe(ports.length);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  expect(Math.min(...ports)).toBeGreaterThan(1023);
});
