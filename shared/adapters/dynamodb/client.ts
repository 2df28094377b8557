import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

export interface ClientOptions {
  /** Another endpoint than AWS's: the embedded engine's, which takes any credentials. */
  readonly endpoint?: string | undefined;
  /** `read` fails within 2 s when DynamoDB is out of reach; `write` (default) tries harder. */
  readonly purpose?: 'read' | 'write';
}

/** Milliseconds to connect and for a whole answer, and attempts: two of 0.8 s leave a reader under 2 s. */
const limits = {
  read: { connectionTimeout: 500, requestTimeout: 800, maxAttempts: 2 },
  write: { connectionTimeout: 1000, requestTimeout: 5000, maxAttempts: 3 },
} as const;

/** Keep-alive is the SDK's default. Region and credentials come from its own chain, unless local. */
export function createClient({ endpoint, purpose = 'write' }: ClientOptions = {}): DynamoDBClient {
  const { maxAttempts, ...timeouts } = limits[purpose];
  return new DynamoDBClient({
    maxAttempts,
    // Without `throw…` the SDK only warns about a slow answer and goes on waiting.
    requestHandler: { ...timeouts, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : localSettings(endpoint)),
  });
}

function localSettings(endpoint: string): DynamoDBClientConfig {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { endpoint, region: 'local', credentials };
}
