import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  StreamViewType,
  Table,
  TableEncryption,
  type ITable,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  PARTITION_KEY,
  SORT_KEY,
  TTL_ATTRIBUTE,
} from '../../shared/adapters/dynamodb/table-schema.ts';

/** All that a reader's claim of a start names: no fence, no run. A test holds it against
 * the adapter's own request. */
const CLAIM_ATTRIBUTES = [
  PARTITION_KEY,
  SORT_KEY,
  'trigger_claimed_until_ms',
  'lease_holder',
  'lease_expires_at_ms',
];

export interface CatalogTableProps {
  /** It outlives the stack, and a deletion by mistake is refused.
   *  @default true */
  readonly retainData?: boolean;
  /** Whether a stream tells each change of a row, before and after. @default false */
  readonly streamed?: boolean;
  /** A table that exists already, for example a restored one. @default one is made */
  readonly tableName?: string | undefined;
  /** The stream of that table. @default none: its changes are told to nobody */
  readonly tableStreamArn?: string | undefined;
}

/** The one table: on demand, encrypted, restorable to any second of the last 35 days. */
export class CatalogTable extends Construct {
  readonly table: Table | ITable;

  constructor(scope: Construct, id: string, props: CatalogTableProps = {}) {
    super(scope, id);
    const { tableName, tableStreamArn } = props;
    this.table =
      tableName === undefined
        ? this.newTable(props)
        : Table.fromTableAttributes(this, 'Existing', {
            tableName,
            ...(tableStreamArn !== undefined && { tableStreamArn }),
          });
  }

  private newTable({ retainData = true, streamed = false }: CatalogTableProps): Table {
    return new Table(this, 'Catalog', {
      partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
      sortKey: { name: SORT_KEY, type: AttributeType.STRING },
      timeToLiveAttribute: TTL_ATTRIBUTE,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.AWS_MANAGED,
      ...(streamed && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Reading everything. */
  grantRead(fn: IFunction): { TABLE_NAME: string } {
    this.allow(fn, ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query']);
    return { TABLE_NAME: this.table.tableName };
  }

  /** Claiming a start on a control record. */
  grantClaim(fn: IFunction): void {
    this.allow(fn, ['dynamodb:UpdateItem'], {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['control#*'] },
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': CLAIM_ATTRIBUTES },
      // "For all values" is also true of none: a request that names none is refused.
      Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
    });
  }

  /** Looking up who asks: access tokens, and no other row. */
  grantTokens(fn: IFunction): { TABLE_NAME: string } {
    this.allow(fn, ['dynamodb:GetItem'], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['tokens'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    return { TABLE_NAME: this.table.tableName };
  }

  /** What steering over HTTP keeps: forces and given answers. */
  grantSteering(fn: IFunction): void {
    this.allow(fn, ['dynamodb:PutItem', 'dynamodb:DeleteItem'], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['forces', 'answers'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
  }

  /** Writing a run; a transaction needs the permission of each of its parts. */
  grantSync(fn: IFunction): { TABLE_NAME: string } {
    this.allow(fn, [
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:BatchWriteItem',
    ]);
    return { TABLE_NAME: this.table.tableName };
  }

  /** Reading the stream, whose ARN it answers; the table itself stays closed. */
  grantStream(fn: IFunction): string {
    const { tableStreamArn } = this.table;
    if (tableStreamArn === undefined) throw new Error('The table has no stream.');
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [tableStreamArn],
      }),
    );
    return tableStreamArn;
  }

  private allow(fn: IFunction, actions: string[], conditions: object = {}): void {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions,
        resources: [this.table.tableArn],
        conditions: { ...conditions },
      }),
    );
  }
}
