import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Milliseconds to connect, and for a whole answer. */
interface Limits {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
}

const LIMITS: Limits = { connectionTimeout: 2_000, requestTimeout: 5_000 };

/** A client that gives up on a slow answer: without `throw…` the SDK only warns of it, and waits on. */
export function createSecretsClient(limits = LIMITS): SecretsManagerClient {
  return new SecretsManagerClient({
    requestHandler: { ...limits, throwOnRequestTimeout: true },
  });
}
