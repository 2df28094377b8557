import { describe, expect, it } from 'vitest';
import { createJsonLog } from '../../../shared/adapters/json-log.ts';
import { createRedactor } from '../../../shared/adapters/redaction.ts';
import { UpstreamError } from '../../../shared/core/errors.ts';

function aLog() {
  const lines: string[] = [];
  const log = createJsonLog({
    write: (line) => lines.push(line),
    nowMs: () => Date.UTC(2026, 10, 22, 10, 0, 0),
    redact: createRedactor(['very-secret-key']).redact,
    context: { run_id: 'R1' },
  });
  return { log, lines };
}

describe('the JSON log', () => {
  it('writes one line an event, with level, event, timestamp, context and fields', () => {
    const { log, lines } = aLog();
    log.warn('page_lost', { cursor: '2', text: 'a\nb' });
    expect(lines).toEqual([
      '{"level":"warn","event":"page_lost","timestamp":"2026-11-22T10:00:00.000Z","run_id":"R1","cursor":"2","text":"a\\nb"}',
    ]);
  });

  it('writes errors with name, message and causes, however deep they stand', () => {
    const { log, lines } = aLog();
    const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    log.error('failed', {
      of: { error: new UpstreamError('unavailable', 'no', { cause: reset }) },
    });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      of: {
        error: {
          name: 'UpstreamError',
          message: 'no',
          cause: { name: 'Error', message: 'socket hang up', code: 'ECONNRESET' },
        },
      },
    });
  });

  it('leaves out a cause that is no error: an answer may hold a person’s tokens', () => {
    const { log, lines } = aLog();
    const cause = { body: { access_token: 'SECRET-AT', refresh_token: 'SECRET-RT' } };
    log.warn('login_refused', {
      error: new Error('refused', { cause: new Error('no', { cause }) }),
    });
    expect(lines[0]).not.toContain('SECRET');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: { cause: { message: 'no' } } });
  });

  it('ends for an error that is its own cause', () => {
    const { log, lines } = aLog();
    const error = new Error('round');
    error.cause = error;
    log.error('failed', { error });
    expect(lines[0]).toContain('"round"');
  });

  it('hides the secret in fields, names and errors', () => {
    const { log, lines } = aLog();
    log.info('x', { a: 'very-secret-key', 'very-secret-key': 1, e: new Error('very-secret-key') });
    expect(lines[0]).not.toContain('very-secret-key');
    expect(() => JSON.parse(lines[0] ?? '')).not.toThrow();
  });

  it('lets no field pass for the level, the event or the time', () => {
    const { log, lines } = aLog();
    log.error('real', { level: 'info', event: 'faked', timestamp: 'never' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      event: 'real',
      timestamp: '2026-11-22T10:00:00.000Z',
    });
  });

  it('never throws for what it is given', () => {
    const { log, lines } = aLog();
    const round: Record<string, unknown> = {};
    round['self'] = round;
    log.info('round', { round });
    log.info('big', { bytes: 2n ** 70n });
    expect(lines[0]).toContain('could not be written');
    expect(lines[1]).toContain(String(2n ** 70n));
  });
});
