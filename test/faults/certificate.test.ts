import { constants } from 'node:crypto';
import { createServer } from 'node:https';
import { request } from 'node:http';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { listening } from '../support/listening.ts';
import { selfSigned } from '../support/self-signed.ts';
import { products } from '../support/supplier.ts';
import { expectLevel, firstSync, renameAll } from './expectations.ts';
import { useLaboratory } from './laboratory.ts';

const open = useLaboratory();
/** A resumed session would not look at the certificate again. */
const NO_RESUMPTION = { secureOptions: constants.SSL_OP_NO_TICKET, maxVersion: 'TLSv1.2' } as const;

/** HTTPS before a supplier; a certificate that this process trusts until the test is over. */
async function httpsBefore(url: string) {
  const { origin } = new URL(url);
  const trusted = getCACertificates('default');
  const trust = (isTrusted: boolean) =>
    setDefaultCACertificates(isTrusted ? [...trusted, selfSigned().cert] : trusted);
  const server = createServer({ ...selfSigned(), ...NO_RESUMPTION }, (asked, answer) => {
    const passed = request(`${origin}${asked.url}`, { headers: asked.headers }, (from) => {
      // Every request makes a new connection, and so looks at the certificate again.
      answer.writeHead(from.statusCode ?? 500, { ...from.headers, connection: 'close' });
      from.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    passed.end();
  });
  server.on('newSession', (_id, _session, done: () => void) => done());
  server.on('resumeSession', (_id, done: (error: null, session: null) => void) => done(null, null));
  const port = await listening(server);
  onTestFinished(() => {
    trust(false);
    server.close();
  });
  trust(true);
  return { baseUrl: `https://127.0.0.1:${port}/api/v1`, trust };
}

test('U5 a certificate that stops being valid in mid-run pauses the run: no record is in error for it', async () => {
  const lab = await open({ products: products(1, 100), pageSize: 50 });
  await firstSync(lab);
  renameAll(lab, 'Newer');
  const { baseUrl, trust } = await httpsBefore(lab.supplier.url);
  const worker = lab.worker({ baseUrl, configuration: 'v1' });
  const asked = lab.supplier.count();
  const syncing = worker.sync();
  await expect
    .poll(() => lab.supplier.count() - asked, { interval: 1, timeout: 10_000 })
    .toBeGreaterThan(30);
  trust(false);
  const paused = await syncing;
  expect(paused, paused.message).toMatchObject({ success: false, stats: { errors: 0 } });
  expect((await lab.control()).run?.runId).toBe(paused.run_id);
  trust(true);
  worker.clock.step(60_000);
  const resumed = await worker.sync({ force: false, resumeOnly: true });
  expect(resumed, resumed.message).toMatchObject({ success: true, run_id: paused.run_id });
  await expectLevel(lab);
});
