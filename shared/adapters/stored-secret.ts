import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createSecretsClient, LIMITS_OF_A_REQUEST } from './secrets-client.ts';
import { beginTtl, type TtlClock } from './ttl.ts';

const CACHED_FOR_MS = 5 * 60_000;

/** A text kept in Secrets Manager that requests wait for; read when first asked for, then every 5 minutes. A failure is not kept.
 *  @throws Error when it can't be read, or is empty */
export function storedSecret(
  secretArn: string,
  { clock }: { readonly clock: TtlClock },
): () => Promise<string> {
  let client: SecretsManagerClient | undefined;
  let cached: { readonly text: string; readonly isLive: () => boolean } | undefined;
  return async () => {
    if (cached?.isLive() === true) return cached.text;
    client ??= createSecretsClient(LIMITS_OF_A_REQUEST);
    const { SecretString: text = '' } = await client.send(
      new GetSecretValueCommand({ SecretId: secretArn }),
    );
    if (text === '') throw new Error(`the secret ${secretArn} has no value`);
    cached = { text, isLive: beginTtl(CACHED_FOR_MS, clock) };
    return text;
  };
}
