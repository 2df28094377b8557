import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/transport';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { text } from './body-text.ts';
import { lambdaEnvironment, traceHeader } from './lambda-environment.ts';
import { originOf } from './service-origin.ts';
import { isFinal, refusalOf, ServiceError } from './service-error.ts';

/** What a light client takes of the SDK's settings. */
export interface LightSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts?: number;
  readonly requestHandler?: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

/** One request to an AWS service: always a POST. */
interface SignedCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface SignedCalls {
  /** The answer's body. @throws ServiceError, or why there was no answer, after the last attempt */
  readonly call: (call: SignedCall) => Promise<string>;
  readonly destroy: () => void;
}

const ATTEMPTS = 3;
const BASE_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;

/**
 * Signs and sends requests with the SDK's own parts (signature, credentials, transport), without its
 * schemas, endpoint rules and middlewares, which are most of a reading function's bytes. Attempts and
 * timeouts are bounded as the SDK bounds them; what is transient is tried again with full jitter.
 */
export function createSignedCalls(service: string, settings: LightSettings): SignedCalls {
  const { maxAttempts = ATTEMPTS, requestHandler } = settings;
  const { region, credentials, endpoint } = placed(service, settings);
  const origin = new URL(endpoint ?? originOf(service, region));
  const handler = new NodeHttpHandler(requestHandler);
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });

  const attempt = async (wanted: SignedCall): Promise<string> => {
    const request = await signer.sign(unsigned(wanted, origin));
    const sentAtMs = performance.now();
    const { response } = await handler.handle(new HttpRequest(request));
    const tookMs = performance.now() - sentAtMs;
    // Headers and body together: a reader answers within 2 s, be it that it can't.
    const answer = await text(response.body, leftOf(requestHandler?.requestTimeout, tookMs));
    if (response.statusCode < 300) return answer;
    throw refusalOf(response.statusCode, response.headers, answer);
  };
  const call: SignedCalls['call'] = async (wanted) => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(wanted);
      } catch (error) {
        if (error instanceof ServiceError) error.$metadata.attempts = attempts;
        if (isFinal(error) || attempts >= maxAttempts) throw error;
        await pause(attempts);
      }
    }
  };
  return { call, destroy: () => handler.destroy() };
}

/** What is left of a time limit; none where there is none. */
const leftOf = (limitMs: number | undefined, tookMs: number): number | undefined =>
  limitMs === undefined ? undefined : Math.max(1, limitMs - tookMs);

/** As told, else as Lambda's environment has it. */
function placed(service: string, { region, credentials, endpoint }: LightSettings) {
  if (region !== undefined && credentials !== undefined) return { region, credentials, endpoint };
  const around = lambdaEnvironment(service);
  return { ...around, endpoint: endpoint ?? around.endpoint };
}

function unsigned({ path, headers, body }: SignedCall, origin: URL): HttpRequest {
  const { protocol, hostname, host, port } = origin;
  return new HttpRequest({
    method: 'POST',
    protocol,
    hostname,
    ...(port !== '' && { port: Number(port) }),
    path,
    headers: {
      ...headers,
      ...traceHeader(),
      host,
      'content-length': String(body.length),
    },
    body,
  });
}

const pause = (attempts: number): Promise<void> => {
  const mostMs = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (attempts - 1));
  return new Promise((resolve) => setTimeout(resolve, Math.random() * mostMs));
};
