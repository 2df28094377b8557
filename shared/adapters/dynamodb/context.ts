import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../core/ports.ts';

/** What the parts of the writing store share. */
export interface StoreContext {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** To wait between attempts. */
  readonly clock: Pick<Clock, 'sleep' | 'random'>;
}

/** One write of a transaction. */
export type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A row's attributes as plain values. */
export type Row = Readonly<Record<string, unknown>>;
