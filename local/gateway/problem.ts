import type { GatewayAnswer } from './result.ts';

/** An error of the front itself: API Gateway's `message`, as RFC 9457 problem details that say more. */
export function problem(
  status: number,
  message: string,
  detail: string,
  headers: GatewayAnswer['headers'] = {},
): GatewayAnswer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: Buffer.from(
      JSON.stringify({ type: 'about:blank', title: message, status, detail, message }),
    ),
  };
}
