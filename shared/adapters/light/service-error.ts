import { isJsonObject } from '../../core/json.ts';

/** A service's refusal, named as the SDK names it. */
export class ServiceError extends Error {
  readonly isTransient: boolean;

  constructor(name: string, message: string, isTransient: boolean) {
    super(message);
    this.name = name;
    this.isTransient = isTransient;
  }
}

const THROTTLING = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** The error of an answer that is none: its kind is in a header, or in the body's `__type`. */
export function refusalOf(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): ServiceError {
  const told = parsed(body);
  const type = headers['x-amzn-errortype'] ?? told['__type'];
  const name = typeof type === 'string' ? nameIn(type) : `HTTP${status}`;
  const message = told['message'] ?? told['Message'];
  const words = typeof message === 'string' ? message : `the service answered ${status}`;
  return new ServiceError(name, words, status >= 500 || THROTTLING.has(name));
}

/** Whether trying again would be of no use; what never reached the service may. */
export const isFinal = (error: unknown): boolean =>
  error instanceof ServiceError && !error.isTransient;

/** `com.amazonaws.dynamodb.v20120810#ThrottlingException:http://…` → `ThrottlingException` */
const nameIn = (type: string): string => /(?:.*#)?([^:,#]+)/.exec(type)?.[1] ?? type;

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(body);
    return isJsonObject(json) ? json : {};
  } catch {
    return {};
  }
}
