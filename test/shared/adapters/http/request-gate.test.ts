import { describe, expect, it } from 'vitest';
import { createRequestGate } from '../../../../shared/adapters/http/request-gate.ts';
import { createInstantClock } from '../../../support/instant-clock.ts';

const { signal } = new AbortController();

/** Sends `count` requests one after the other, each served; the times at which they could be sent. */
async function sends(
  gate: ReturnType<typeof createRequestGate>,
  nowMs: () => number,
  count: number,
) {
  const sentAtMs: number[] = [];
  for (let request = 0; request < count; request += 1) {
    await gate.opened(signal);
    sentAtMs.push(nowMs());
    gate.served();
  }
  return sentAtMs;
}

/** How long requests keep the distance that they have after a pause, milliseconds. */
async function keptMs(
  gate: ReturnType<typeof createRequestGate>,
  clock: ReturnType<typeof createInstantClock>,
): Promise<number> {
  const nowMs = () => clock.monotonicMs();
  const [firstAtMs = 0, secondAtMs = 0] = await sends(gate, nowMs, 2);
  for (let lastMs = secondAtMs; ;) {
    const [nextMs = 0] = await sends(gate, nowMs, 1);
    if (nextMs - lastMs < (secondAtMs - firstAtMs) * 0.999) return lastMs - firstAtMs;
    lastMs = nextMs;
  }
}

describe('the gate that all requests pass', () => {
  it('is open until upstream asks for a wait', async () => {
    const clock = createInstantClock();
    const gate = createRequestGate(clock);
    expect(await sends(gate, () => clock.monotonicMs(), 4)).toEqual([0, 0, 0, 0]);
  });

  it('opens after the longest wait asked for, and then at the rate borne before', async () => {
    const clock = createInstantClock();
    const gate = createRequestGate(clock);
    await sends(gate, () => clock.monotonicMs(), 10);
    gate.pause(2_000);
    gate.pause(500);
    const [first = 0, second = 0, third = 0] = await sends(gate, () => clock.monotonicMs(), 3);
    expect(first).toBe(2_000);
    // Ten in 2 s were borne: 200 ms apart, and 1.5 % for jitter.
    expect(second - first).toBeCloseTo(203, 6);
    expect(third - second).toBeCloseTo(203, 6);
  });

  it('counts what was sent before the refusal and is served after it', async () => {
    const clock = createInstantClock();
    const gate = createRequestGate(clock);
    for (let request = 0; request < 10; request += 1) await gate.opened(signal);
    for (let request = 0; request < 4; request += 1) gate.served();
    gate.pause(2_000);
    for (let request = 0; request < 6; request += 1) gate.served();
    const [first = 0, second = 0] = await sends(gate, () => clock.monotonicMs(), 2);
    expect(second - first).toBeCloseTo(203, 6);
  });

  it('lets those who waited when it closed through one by one', async () => {
    const clock = createInstantClock();
    const gate = createRequestGate(clock);
    await sends(gate, () => clock.monotonicMs(), 10);
    gate.pause(2_000);
    await sends(gate, () => clock.monotonicMs(), 1);
    const sentAtMs: number[] = [];
    const waiting = Array.from({ length: 3 }, async () => {
      await gate.opened(signal);
      sentAtMs.push(clock.monotonicMs());
    });
    gate.pause(1_000);
    await Promise.all(waiting);
    expect(new Set(sentAtMs).size).toBe(3);
    expect(sentAtMs[0]).toBeGreaterThanOrEqual(3_000);
  });

  it('keeps that rate for 15 s, then eases it with each good answer', async () => {
    const clock = createInstantClock();
    const gate = createRequestGate(clock);
    await sends(gate, () => clock.monotonicMs(), 10);
    gate.pause(2_000);
    expect(await keptMs(gate, clock)).toBeCloseTo(15_000, -3);
  });

  it('keeps it twice as long each time that it was refused again, a minute at the most', async () => {
    const clock = createInstantClock();
    const gate = createRequestGate(clock);
    const keptSeconds: number[] = [];
    for (let refusal = 0; refusal < 4; refusal += 1) {
      await sends(gate, () => clock.monotonicMs(), 10);
      gate.pause(2_000);
      keptSeconds.push(Math.round((await keptMs(gate, clock)) / 1_000));
    }
    expect(keptSeconds).toEqual([15, 30, 60, 60]);
  });

  it('keeps it twice as long also when it had found its full speed in between', async () => {
    const clock = createInstantClock();
    const gate = createRequestGate(clock);
    gate.pause(3_000);
    await sends(gate, () => clock.monotonicMs(), 2_000);
    gate.pause(3_000);
    expect(await keptMs(gate, clock)).toBeCloseTo(30_000, -3);
  });

  it('finds its full speed again', async () => {
    const clock = createInstantClock();
    const gate = createRequestGate(clock);
    gate.pause(3_000);
    const sentAtMs = await sends(gate, () => clock.monotonicMs(), 2_000);
    expect((sentAtMs[1] ?? 0) - (sentAtMs[0] ?? 0)).toBe(1_000);
    expect(sentAtMs.at(-1)).toBe(sentAtMs.at(-100));
  });

  it('lets nobody wait for more than 20 s: throttled', async () => {
    const clock = createInstantClock();
    const gate = createRequestGate(clock);
    gate.pause(20_001);
    await expect(gate.opened(signal)).rejects.toMatchObject({
      failure: 'throttled',
      retryAfterMs: 20_001,
    });
    await clock.sleep(1);
    await gate.opened(signal);
    expect(clock.monotonicMs()).toBe(20_001);
  });

  it('lets an aborted request go at once', async () => {
    const gate = createRequestGate(createInstantClock());
    gate.pause(5_000);
    const aborted = AbortSignal.abort(new Error('stop'));
    await expect(gate.opened(aborted)).rejects.toThrow('stop');
  });
});
