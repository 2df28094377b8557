import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface SupplierKeyProps {
  /** A secret that exists already; without it an empty one is made. */
  readonly supplierKeySecretArn?: string | undefined;
}

/**
 * The secret with the supplier's key. It is made empty, and its value is set by hand: no key is ever in
 * a template, and an empty secret says "no key" where a generated one would be refused by the supplier.
 */
export class SupplierKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { supplierKeySecretArn }: SupplierKeyProps) {
    super(scope, id);
    this.arn = supplierKeySecretArn ?? this.emptySecret().ref;
  }

  /** For the worker alone. */
  grantRead(fn: IFunction): { B2B_SECRET_ARN: string } {
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] }),
    );
    return { B2B_SECRET_ARN: this.arn };
  }

  // The secret construct of a higher level always writes a value or generates one.
  private emptySecret(): CfnSecret {
    return new CfnSecret(this, 'Secret', {
      description: 'The supplier\'s API key, as it is or as {"apiKey": "…"}',
    });
  }
}
