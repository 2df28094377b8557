import { StoreUnavailableError } from '../../core/errors.ts';

/** The service's refusals that mean something to the caller, or are a mistake of ours. */
const PASSED_ON = new Set([
  'ConditionalCheckFailedException',
  'TransactionCanceledException',
  'ValidationException',
]);

/** Makes one call to DynamoDB. @throws StoreUnavailableError for whatever keeps it from being read or
 *  written now, its cause kept; a refused condition or request as it is. */
export async function callStore<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw asStoreError(error);
  }
}

/** What a failed call is thrown on as. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof StoreUnavailableError || PASSED_ON.has(nameOf(error))) return error;
  const message = `DynamoDB can't be read or written: ${nameOf(error)}`;
  return new StoreUnavailableError(message, { cause: error });
}

/** True when it was done, false when its condition did not hold. */
export async function ifCondition(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await callStore(call);
    return true;
  } catch (error) {
    if (nameOf(error) === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

/** The error's name, by which the SDK tells its errors apart. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
