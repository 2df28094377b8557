import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { UpstreamError } from '../core/errors.ts';
import { createSecretsClient } from './secrets-client.ts';
import { beginTtl, type TtlClock } from './ttl.ts';

/** Where the supplier's key comes from. */
export interface Credentials {
  /** The key, perhaps as read some minutes ago. @throws UpstreamError `no_credential` */
  key(): Promise<string>;
  /** The key as it is now. @throws UpstreamError `no_credential` */
  refresh(): Promise<string>;
}

const CACHED_FOR_MS = 5 * 60_000;

/** What can stand in an HTTP header and be a key: printable ASCII without spaces. */
const keyShape = z
  .string()
  .trim()
  .regex(/^[\u0021-\u007e]{1,4096}$/);
const objectShape = z.object({ apiKey: keyShape }).transform(({ apiKey }) => apiKey);

/** A key that is known from the start.
 *  @param remember hears it before anyone else: for redaction */
export function fixedCredentials(
  text: string,
  remember: (secret: string) => void = () => {},
): Credentials {
  let known: Promise<string> | undefined;
  const read = async (): Promise<string> => {
    const key = keyOf(text, 'the configured key');
    remember(key);
    return key;
  };
  const key = (): Promise<string> => (known ??= read());
  return { key, refresh: key };
}

/**
 * A key kept in Secrets Manager, as it is or as `{"apiKey": "…"}`; read when first asked for, then
 * every 5 minutes, so that it is replaced without a deploy.
 * @param parts `remember` hears each key read, before anyone else: for redaction.
 */
export function secretCredentials(
  secretArn: string,
  parts: {
    readonly clock: TtlClock;
    readonly remember: (secret: string) => void;
    readonly createClient?: () => SecretsManagerClient;
  },
): Credentials {
  const { clock, remember, createClient = createSecretsClient } = parts;
  let client: SecretsManagerClient | undefined;
  let cached: { readonly key: Promise<string>; readonly isLive: () => boolean } | undefined;

  const read = async (): Promise<string> => {
    client ??= createClient();
    const key = keyOf(await secretText(client, secretArn), 'the secret');
    remember(key);
    return key;
  };
  const refresh = (): Promise<string> => {
    const key = read();
    const entry = { key, isLive: beginTtl(CACHED_FOR_MS, clock) };
    cached = entry;
    key.catch(() => {
      if (cached === entry) cached = undefined;
    });
    return key;
  };
  const key = (): Promise<string> => (cached?.isLive() === true ? cached.key : refresh());
  return { key, refresh };
}

async function secretText(client: SecretsManagerClient, secretArn: string): Promise<string> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    return SecretString ?? '';
  } catch (cause) {
    throw new UpstreamError('no_credential', "The secret with the supplier's key can't be read.", {
      cause,
    });
  }
}

/** Its errors name the form only: a malformed secret is still a secret. */
function keyOf(text: string, what: string): string {
  const trimmed = text.trim();
  const parsed = trimmed.startsWith('{')
    ? objectShape.safeParse(parsedJson(trimmed))
    : keyShape.safeParse(trimmed);
  if (parsed.success) return parsed.data;
  const form = 'it is the key in printable ASCII, or {"apiKey": "…"}';
  const fault = trimmed === '' ? 'is missing' : 'is malformed';
  throw new UpstreamError('no_credential', `The supplier's key ${fault} in ${what}: ${form}.`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
