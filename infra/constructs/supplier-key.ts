import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { MAIN_SOURCE } from '../../shared/core/source-names.ts';
import type { CatalogConfig } from '../config.ts';
import { acknowledge } from '../rule-packs.ts';
import { sourcesOf, spelledByEach, type NamedSource } from '../sources.ts';

interface SupplierKeyProps {
  /** A secret that exists already. @default an empty one is made */
  readonly supplierKeySecretArn?: string | undefined;
  /** The secret that is made outlives the stack. @default true */
  readonly retainData?: boolean;
  /** Whose key it is, for people. @default The supplier's */
  readonly whose?: string;
}

/**
 * The secret with the supplier's key. It is made empty, and its value is set by hand: no key is ever in
 * a template, and an empty secret says "no key" where a generated one would be refused by the supplier.
 */
class SupplierKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: SupplierKeyProps) {
    super(scope, id);
    const { supplierKeySecretArn, retainData = true, whose = "The supplier's" } = props;
    this.arn = supplierKeySecretArn ?? this.emptySecret(retainData, whose).ref;
  }

  /** For the worker alone. */
  grantRead(fn: IFunction): { B2B_SECRET_ARN: string } {
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] }),
    );
    return { B2B_SECRET_ARN: this.arn };
  }

  // The secret construct of a higher level always writes a value or generates one.
  private emptySecret(retainData: boolean, whose: string): CfnSecret {
    const secret = new CfnSecret(this, 'Secret', {
      description: `${whose} API key, as it is or as {"apiKey": "…"}`,
    });
    secret.applyRemovalPolicy(retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    acknowledge(secret, 'AwsSolutions::AwsSolutions-SMG4');
    return secret;
  }
}

/** The key of each source, in a secret of its own. */
export class SupplierKeys {
  private readonly main: SupplierKey;
  private readonly others: readonly { readonly name: string; readonly key: SupplierKey }[];

  constructor(scope: Construct, config: CatalogConfig) {
    const { retainData } = config;
    const [main, ...others] = sourcesOf(config);
    const propsOf = ({ supplierKeySecretArn }: NamedSource) => ({
      supplierKeySecretArn,
      retainData,
    });
    this.main = new SupplierKey(scope, 'SupplierKey', propsOf(main));
    this.others = others.map((source) => {
      const { name } = source;
      const props = { ...propsOf(source), whose: `The supplier ${name}'s` };
      return { name, key: new SupplierKey(scope, `SupplierKey-${name}`, props) };
    });
  }

  /** Where each source's is. */
  get arns(): ReadonlyMap<string, string> {
    const others = this.others.map(({ name, key }): [string, string] => [name, key.arn]);
    return new Map([[MAIN_SOURCE, this.main.arn], ...others]);
  }

  /** For the worker alone. */
  grantRead(fn: IFunction): { B2B_SECRET_ARN: string } {
    const others = spelledByEach(this.others, ({ key }) => key.grantRead(fn));
    return { ...this.main.grantRead(fn), ...others };
  }
}
