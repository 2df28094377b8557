import { isJsonObject } from '../../core/json.ts';

const THROTTLING = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** A service's refusal, with what the SDK says of one, under its names. */
export class ServiceError extends Error {
  readonly $fault: 'client' | 'server';
  readonly isTransient: boolean;
  /** Why each action of a transaction was refused, as the service says it. */
  readonly CancellationReasons: unknown;
  /** How often it was sent. */
  readonly $metadata = { attempts: 1 };

  constructor(status: number, name: string, message: string, reasons: unknown) {
    super(message);
    this.name = name;
    this.$fault = status >= 500 ? 'server' : 'client';
    this.isTransient = status >= 500 || THROTTLING.has(name);
    this.CancellationReasons = reasons;
  }
}

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
  return new ServiceError(status, name, words, told['CancellationReasons']);
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
