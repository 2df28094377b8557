import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../rule-packs.ts';

export interface SupplierKeyProps {
  /** A secret that exists already. @default an empty one is made */
  readonly supplierKeySecretArn?: string | undefined;
  /** The secret that is made outlives the stack. @default true */
  readonly retainData?: boolean;
}

/**
 * The secret with the supplier's key. It is made empty, and its value is set by hand: no key is ever in
 * a template, and an empty secret says "no key" where a generated one would be refused by the supplier.
 */
export class SupplierKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: SupplierKeyProps) {
    super(scope, id);
    const { supplierKeySecretArn, retainData = true } = props;
    this.arn = supplierKeySecretArn ?? this.emptySecret(retainData).ref;
  }

  /** For the worker alone. */
  grantRead(fn: IFunction): { B2B_SECRET_ARN: string } {
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] }),
    );
    return { B2B_SECRET_ARN: this.arn };
  }

  // The secret construct of a higher level always writes a value or generates one.
  private emptySecret(retainData: boolean): CfnSecret {
    const secret = new CfnSecret(this, 'Secret', {
      description: 'The supplier\'s API key, as it is or as {"apiKey": "…"}',
    });
    secret.applyRemovalPolicy(retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    acknowledge(secret, 'AwsSolutions::AwsSolutions-SMG4');
    return secret;
  }
}
