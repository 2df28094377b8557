import { describe, expect, it } from 'vitest';
import { createRequestGate } from '../../../../shared/adapters/http/request-gate.ts';
import { createInstantClock } from '../../../support/instant-clock.ts';

const { signal } = new AbortController();

/** A gate on a clock of its own, and requests that pass it. */
function gateUnderTest() {
  const clock = createInstantClock();
  const gate = createRequestGate(clock);
  /** Sends `count` requests one after the other, each served; the times at which they could be sent. */
  const sends = async (count: number): Promise<number[]> => {
    const sentAtMs: number[] = [];
    for (let request = 0; request < count; request += 1) {
      await gate.opened(signal);
      sentAtMs.push(clock.monotonicMs());
      gate.served();
    }
    return sentAtMs;
  };
  /** How long requests keep the distance that they have after a pause, milliseconds. */
  const keptMs = async (): Promise<number> => {
    const [firstAtMs = 0] = await sends(1);
    const [atPaceMs = 0, secondAtMs = 0] = (await sends(12)).slice(-2);
    for (let lastMs = secondAtMs; ;) {
      const [nextMs = 0] = await sends(1);
      if (nextMs - lastMs < (secondAtMs - atPaceMs) * 0.999) return lastMs - firstAtMs;
      lastMs = nextMs;
    }
  };
  /** A refusal that says something: it comes when a good part of the time asked for is over. */
  const refusedAfter = async (count: number, waitMs: number): Promise<void> => {
    await sends(count);
    await clock.sleep(waitMs / 2);
    gate.pause(waitMs);
  };
  /** Brings it to its pace: what goes at once after the first refusal has gone. */
  const paced = async (count: number, waitMs: number): Promise<void> => {
    await refusedAfter(count, waitMs);
    await sends(count + 1);
  };
  return { clock, gate, sends, keptMs, refusedAfter, paced };
}

describe('the gate that all requests pass', () => {
  it('is open until upstream asks for a wait', async () => {
    const { sends } = gateUnderTest();
    expect(await sends(4)).toEqual([0, 0, 0, 0]);
  });

  it('opens after the longest wait asked for, for as many as were borne, and then at that rate', async () => {
    const { gate, sends, refusedAfter } = gateUnderTest();
    await refusedAfter(10, 2_000);
    gate.pause(500);
    const sentAtMs = await sends(12);
    expect(sentAtMs.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 3_000));
    // Ten in 2 s were borne: 200 ms apart, and 1.5 % for jitter.
    expect(sentAtMs[10]).toBeCloseTo(3_000 + 10 * 203, 6);
    expect(sentAtMs[11]).toBeCloseTo(3_000 + 11 * 203, 6);
  });

  it('learns from a refusal among those that there were less', async () => {
    const { gate, sends, refusedAfter } = gateUnderTest();
    await refusedAfter(10, 2_000);
    await sends(8);
    gate.pause(2_000);
    const [first = 0, second = 0] = await sends(2);
    expect(first).toBe(5_000);
    expect(second - first).toBeCloseTo((2_000 / 8) * 1.015, 6);
  });

  it('slows down by a tenth at least when it is refused at its own pace', async () => {
    const { clock, gate, sends, refusedAfter } = gateUnderTest();
    await refusedAfter(10, 2_000);
    await sends(30);
    await clock.sleep(100);
    gate.pause(2_000);
    const [first = 0, second = 0] = await sends(2);
    expect(second - first).toBeCloseTo(203 * 1.1, 6);
  });

  it('lets one pass each second at least, however often it is refused', async () => {
    const { gate, sends, refusedAfter } = gateUnderTest();
    await refusedAfter(1, 4_000);
    for (let refusal = 0; refusal < 3; refusal += 1) {
      await sends(3);
      gate.pause(4_000);
    }
    const [first = 0, second = 0] = await sends(2);
    expect(second - first).toBe(1_000);
  });

  it('takes no rate from a first refusal that comes at once: others may have used what there was', async () => {
    const { gate, sends } = gateUnderTest();
    await sends(3);
    gate.pause(2_000);
    gate.served();
    expect(await sends(10)).toEqual(Array.from({ length: 10 }, () => 2_000));
    gate.pause(2_000);
    const [first = 0, second = 0] = await sends(2);
    expect(first).toBe(4_000);
    expect(second - first).toBeCloseTo(203, 6);
  });

  it('counts what was sent before the refusal and is served after it', async () => {
    const { gate, sends, refusedAfter } = gateUnderTest();
    for (let request = 0; request < 10; request += 1) await gate.opened(signal);
    for (let request = 0; request < 4; request += 1) gate.served();
    await refusedAfter(0, 2_000);
    for (let request = 0; request < 6; request += 1) gate.served();
    const sentAtMs = await sends(11);
    expect(sentAtMs.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 3_000));
    expect(sentAtMs[10]).toBeCloseTo(3_000 + 10 * 203, 6);
  });

  it('lets those who waited when it closed through one by one', async () => {
    const { clock, gate, paced } = gateUnderTest();
    await paced(10, 2_000);
    const sentAtMs: number[] = [];
    const waiting = Array.from({ length: 3 }, async () => {
      await gate.opened(signal);
      sentAtMs.push(clock.monotonicMs());
    });
    gate.pause(1_000);
    const closedUntilMs = clock.monotonicMs() + 1_000;
    await Promise.all(waiting);
    expect(new Set(sentAtMs).size).toBe(3);
    expect(sentAtMs[0]).toBeGreaterThanOrEqual(closedUntilMs);
  });

  it('keeps that rate for 15 s, then eases it with each good answer', async () => {
    const { keptMs, refusedAfter } = gateUnderTest();
    await refusedAfter(10, 2_000);
    expect(await keptMs()).toBeCloseTo(15_000, -3);
  });

  it('keeps it twice as long each time that it was refused again, a minute at the most', async () => {
    const { keptMs, refusedAfter } = gateUnderTest();
    const keptSeconds: number[] = [];
    for (let refusal = 0; refusal < 4; refusal += 1) {
      await refusedAfter(10, 2_000);
      keptSeconds.push(Math.round((await keptMs()) / 1_000));
    }
    expect(keptSeconds).toEqual([15, 30, 60, 60]);
  });

  it('keeps it twice as long also when it had found its full speed in between', async () => {
    const { sends, keptMs, refusedAfter } = gateUnderTest();
    await refusedAfter(0, 3_000);
    await sends(2_000);
    await refusedAfter(0, 3_000);
    expect(await keptMs()).toBeCloseTo(30_000, -3);
  });

  it('finds its full speed again', async () => {
    const { sends, refusedAfter } = gateUnderTest();
    await refusedAfter(0, 3_000);
    const sentAtMs = await sends(2_000);
    expect((sentAtMs[1] ?? 0) - (sentAtMs[0] ?? 0)).toBe(1_000);
    expect(sentAtMs.at(-1)).toBe(sentAtMs.at(-100));
  });

  it('lets nobody wait for more than 20 s: throttled', async () => {
    const { clock, gate } = gateUnderTest();
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
    const { gate } = gateUnderTest();
    gate.pause(5_000);
    const aborted = AbortSignal.abort(new Error('stop'));
    await expect(gate.opened(aborted)).rejects.toThrow('stop');
  });
});
