import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { parseLocalSettings } from '../../local/settings.ts';
import { openSuppliers } from '../../local/supplier.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { productsResource } from '../support/http-source.ts';
import { silent as log } from '../support/forced-sync.ts';
import { listening } from '../support/listening.ts';

const KEY = 'sk-live-0123456789abcdef';

test.each([KEY, `${KEY}\r`, ` ${KEY} `, JSON.stringify({ apiKey: KEY })])(
  'the key is hidden as it is sent, when it is set as %j',
  async (setting) => {
    const server = createServer((request, response) => {
      response.statusCode = 400;
      response.end(JSON.stringify({ detail: `bad key ${String(request.headers['x-api-key'])}` }));
    });
    const url = `http://127.0.0.1:${await listening(server)}/api/v1`;
    onTestFinished(() => {
      server.close().closeAllConnections();
    });
    const environment = { B2B_API_URL: url, B2B_API_KEY: setting };
    const clock = createSystemClock();
    const options = { join: true };
    const suppliers = await openSuppliers(environment, parseLocalSettings({}), clock, options);
    const source = suppliers.get('main')?.source({ clock, log }, 1);
    const { signal } = new AbortController();
    const failure = await source?.page(productsResource, null, signal).catch(String);
    expect(failure).toContain('bad key [redacted]');
    expect(failure).not.toContain(KEY);
  },
);

test('who has suppliers of their own needs no port for a demo', async () => {
  const environment = {
    B2B_SOURCES: 'drinks',
    B2B_API_URL: 'http://127.0.0.1:9/',
    B2B_API_KEY: KEY,
    B2B_API_URL_DRINKS: 'http://127.0.0.1:9/',
    B2B_API_KEY_DRINKS: KEY,
  };
  const settings = parseLocalSettings({ SUPPLIER_PORT: '65535' });
  const suppliers = await openSuppliers(environment, settings, createSystemClock(), {
    join: false,
  });
  expect([...suppliers.keys()]).toEqual(['main', 'drinks']);
});
