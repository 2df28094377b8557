import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Milliseconds to connect, and for a whole answer; how often that is tried (as often as the SDK does). */
interface Limits {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly maxAttempts?: number;
}

const LIMITS: Limits = { connectionTimeout: 2_000, requestTimeout: 5_000 };

/** Of a read that a request waits for: who asks has to be known within 10 s. */
export const LIMITS_OF_A_REQUEST: Limits = {
  connectionTimeout: 1_000,
  requestTimeout: 2_000,
  maxAttempts: 2,
};

/** A client that gives up on a slow answer: without `throw…` the SDK only warns of it, and waits on. */
export function createSecretsClient(limits = LIMITS): SecretsManagerClient {
  const { maxAttempts, ...times } = limits;
  return new SecretsManagerClient({
    requestHandler: { ...times, throwOnRequestTimeout: true },
    ...(maxAttempts !== undefined && { maxAttempts }),
  });
}
