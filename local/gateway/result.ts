import * as z from 'zod';

/** What goes back over the wire. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

const structured = z.object({
  statusCode: z.int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/** What Lambda gives back at most, bytes of the result as JSON. */
const MOST_RESULT_BYTES = 6 * 1024 * 1024;

/**
 * A handler's result as an HTTP API reads it: with a `statusCode` it is the answer; anything else is
 * the body of a 200 in JSON.
 * @throws Error when the answer is malformed, or larger than Lambda could give back.
 */
export function gatewayAnswer(result: unknown): GatewayAnswer {
  const text = JSON.stringify(result) ?? '';
  if (Buffer.byteLength(text) > MOST_RESULT_BYTES) {
    throw new Error(
      `the answer has ${Buffer.byteLength(text)} bytes; Lambda gives back 6 MB at most`,
    );
  }
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : text;
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
    };
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = structured.parse(result);
  return {
    status: statusCode,
    headers: answerHeaders(headers, cookies),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function answerHeaders(
  given: Readonly<Record<string, string | number | boolean>>,
  cookies: readonly string[],
): GatewayAnswer['headers'] {
  const named = Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    'content-type': 'text/plain;charset=UTF-8',
    ...Object.fromEntries(named),
    ...(cookies.length > 0 && { 'set-cookie': cookies }),
  };
}
