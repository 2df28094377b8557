import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { hash } from 'node:crypto';
import * as z from 'zod';
import { LeaseLostError, StoreUnavailableError } from '../../core/errors.ts';
import type { Action, StoreContext } from './context.ts';
import { asStoreError, nameOf } from './errors.ts';

/** A fenced write: its first action is the control record's. */
export interface Transaction {
  readonly actions: readonly Action[];
  /** What it is, for example run, fence and chunk: the same parts make the same token, and DynamoDB
   *  applies a token once. */
  readonly identity: readonly (string | number)[];
  /** A strong read: whether what is stored is what this transaction writes. */
  readonly applied: () => Promise<boolean>;
}

/** What a failed attempt means, and what it takes of the attempts that are left. */
type Verdict = 'fenced' | 'again' | 'unknown' | 'fault';
const ATTEMPTS = 8;
/** An unknown outcome has already cost all of the SDK's own attempts, some 15 s. */
const COST = { again: 1, unknown: 4 } as const;
const BASE_DELAY_MS = 50;

/** Writes all of it or nothing.
 *  @throws LeaseLostError when the control record is another's by now.
 *  @throws StoreUnavailableError when it could not be written, or not be known to be. */
export async function writeTransaction(
  context: StoreContext,
  transaction: Transaction,
): Promise<void> {
  let cause: unknown;
  for (let spent = 0, attempt = 0; spent < ATTEMPTS; attempt += 1) {
    const verdict = await tryOnce(context, transaction, (error) => (cause = error));
    if (verdict === 'done') return;
    spent += COST[verdict];
    await context.clock.sleep(context.clock.random() * BASE_DELAY_MS * 2 ** Math.min(attempt, 5));
  }
  throw new StoreUnavailableError('DynamoDB kept refusing a transaction', { cause });
}

async function tryOnce(
  { client, tableName }: StoreContext,
  { actions, identity, applied }: Transaction,
  note: (error: unknown) => void,
): Promise<'done' | 'again' | 'unknown'> {
  try {
    const ClientRequestToken = tokenOf([tableName, ...identity]);
    await client.send(
      new TransactWriteCommand({ TransactItems: [...actions], ClientRequestToken }),
    );
    return 'done';
  } catch (error) {
    note(error);
    const verdict = verdictOf(error);
    if (verdict === 'fault') throw asStoreError(error);
    if (verdict === 'again') return 'again';
    // It may be our own write, applied with the reply lost.
    if (await applied()) return 'done';
    if (verdict === 'unknown') return 'unknown';
    throw new LeaseLostError('a newer holder has the lease', { cause: error });
  }
}

const AGAIN_REASONS = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);
const AGAIN_ERRORS = new Set([
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);

/** Decides by the reasons of a cancelled transaction, else by the error's name and whose fault it is. */
function verdictOf(error: unknown): Verdict {
  const name = nameOf(error);
  if (name === 'TransactionCanceledException') return verdictOfReasons(error);
  if (AGAIN_ERRORS.has(name)) return 'again';
  // The token was used with other content: this chunk was written already, by us.
  if (name === 'IdempotentParameterMismatchException') return 'fenced';
  const clientFault = error instanceof Error && '$fault' in error && error.$fault === 'client';
  return clientFault ? 'fault' : 'unknown';
}

const reason = z.object({ Code: z.string().default('None') });
const cancelled = z.object({ CancellationReasons: z.array(reason).default([]) });

function verdictOfReasons(error: unknown): Verdict {
  const { CancellationReasons } = cancelled.parse(error);
  const [control, ...others] = CancellationReasons.map(({ Code }) => Code);
  if (control === 'ConditionalCheckFailed') return 'fenced';
  const refusals = [control ?? 'None', ...others].filter((code) => code !== 'None');
  if (refusals.length === 0) return 'unknown';
  return refusals.every((code) => AGAIN_REASONS.has(code)) ? 'again' : 'fault';
}

/** At most 36 characters, as DynamoDB wants it. */
const tokenOf = (parts: readonly (string | number)[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 36);
