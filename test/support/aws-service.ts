import { vi } from 'vitest';

/** Has AWS's clients find one of its services at `url`, with credentials of no account, until all variables
 *  are unstubbed. @param service as in `AWS_ENDPOINT_URL_…` */
export function stubAwsService(service: string, url: string): void {
  vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, url);
  vi.stubEnv('AWS_REGION', 'eu-west-3');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
}
