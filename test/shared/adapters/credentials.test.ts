import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretsClient } from '../../../shared/adapters/secrets-client.ts';
import { fixedCredentials, secretCredentials } from '../../../shared/adapters/credentials.ts';
import { createInstantClock } from '../../support/instant-clock.ts';
import { listening } from '../../support/listening.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-3:123456789012:secret:supplier-key';

/** A loopback server that speaks Secrets Manager's protocol: one secret, or none. */
let server: Server;
let secret: string | null;
let reads: number;
let port: number;

beforeEach(async () => {
  reads = 0;
  server = createServer((_request, response) => {
    reads += 1;
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    response.writeHead(secret === null ? 400 : 200, headers);
    const missing = { __type: 'ResourceNotFoundException', message: 'no such secret' };
    response.end(JSON.stringify(secret === null ? missing : { ARN, SecretString: secret }));
  });
  port = await listening(server);
});
afterEach(() => server.close());

const createClient = () =>
  new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-3',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

function theCredentials(clock = createInstantClock()) {
  const remembered: string[] = [];
  const remember = (key: string): void => void remembered.push(key);
  return {
    credentials: secretCredentials(ARN, { clock, remember, createClient }),
    clock,
    remembered,
  };
}

describe("the supplier's key in Secrets Manager", () => {
  it.each([
    ['as it is', 'sk-live-1234'],
    ['with a line break after it', 'sk-live-1234\n'],
    ['as JSON', '{ "apiKey": "sk-live-1234", "note": "rotated in May" }'],
  ])('is read %s, and remembered for redaction', async (_case, text) => {
    secret = text;
    const { credentials, remembered } = theCredentials();
    expect(await credentials.key()).toBe('sk-live-1234');
    expect(remembered).toEqual(['sk-live-1234']);
  });

  it('is not waited for without end', async () => {
    server.removeAllListeners('request');
    const client = createSecretsClient({ connectionTimeout: 100, requestTimeout: 100 });
    Object.assign(client.config, createClient().config, {
      requestHandler: client.config.requestHandler,
    });
    const clock = createInstantClock();
    const credentials = secretCredentials(ARN, {
      clock,
      remember: () => {},
      createClient: () => client,
    });
    await expect(credentials.key()).rejects.toMatchObject({ failure: 'no_credential' });
  });

  it('is read when first asked for, once for all who ask, and again after 5 minutes', async () => {
    secret = 'first';
    const { credentials, clock } = theCredentials();
    expect(reads).toBe(0);
    expect(await Promise.all([credentials.key(), credentials.key()])).toEqual(['first', 'first']);
    secret = 'second';
    await clock.sleep(5 * 60_000 - 1);
    expect([await credentials.key(), reads]).toEqual(['first', 1]);
    await clock.sleep(1);
    expect([await credentials.key(), reads]).toEqual(['second', 2]);
  });

  it('is read again after 5 minutes also where the monotonic clock stood still', async () => {
    secret = 'first';
    const clock = { ...createInstantClock(), monotonicMs: () => 0 };
    const { credentials } = theCredentials(clock);
    await credentials.key();
    secret = 'second';
    await clock.sleep(5 * 60_000);
    expect(await credentials.key()).toBe('second');
  });

  it('is read at once when it is to be refreshed, and kept from then on', async () => {
    secret = 'first';
    const { credentials } = theCredentials();
    await credentials.key();
    secret = 'second';
    expect(await credentials.refresh()).toBe('second');
    expect([await credentials.key(), reads]).toEqual(['second', 2]);
  });

  it.each([
    ['an empty secret', ' '],
    ['JSON without the key', '{"apikey":"sk-live-1234"}'],
    ['JSON with an empty key', '{"apiKey":""}'],
    ['JSON that is cut', '{"apiKey":"sk-live-1234"'],
    ['a key with a line break inside', 'sk-live\r\nX-Evil:1234'],
    ['a key that no header can carry', 'sk-live-é-1234'],
  ])('A11: %s is no credential, and the message does not tell it', async (_case, text) => {
    secret = text;
    const { credentials } = theCredentials();
    const error: unknown = await credentials.key().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UpstreamError', failure: 'no_credential' });
    expect(String(error)).not.toMatch(/sk-live|1234/);
  });

  it('A11: a missing secret is no credential, and is looked for again the next time', async () => {
    secret = null;
    const { credentials } = theCredentials();
    await expect(credentials.key()).rejects.toMatchObject({ failure: 'no_credential' });
    secret = 'there now';
    await expect(credentials.key()).rejects.toMatchObject({ failure: 'no_credential' });
    secret = 'there-now';
    expect(await credentials.key()).toBe('there-now');
  });
});

describe('a fixed key', () => {
  it('is the same before and after a refresh', async () => {
    const credentials = fixedCredentials(' sk-live-1234 ');
    expect([await credentials.key(), await credentials.refresh()]).toEqual([
      'sk-live-1234',
      'sk-live-1234',
    ]);
  });
});
