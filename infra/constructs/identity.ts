import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { CatalogConfig } from '../config.ts';
import { acknowledge } from '../rule-packs.ts';
import { StaffPool, type IssuerVariables } from './staff-pool.ts';

export interface IdentityProps {
  readonly issuer?: CatalogConfig['issuer'];
  /** Where the API answers, with the slash at its end. */
  readonly apiUrl: string;
  /** Other origins at which it answers. */
  readonly domains: readonly string[];
  /** Whether the stack's own people outlive it. */
  readonly retainData: boolean;
}

/** Who people and programs are: the secret that signs sessions, and the issuer that signs people in. */
export class Identity extends Construct {
  /** The people that the stack keeps itself; null where an issuer of the shop's does, or nobody. */
  readonly staff: StaffPool | null;
  readonly sessionSecretArn: string;
  private readonly issuer: IssuerVariables;
  private readonly clientSecretArn: string | undefined;

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    const { issuer } = props;
    const sessionSecret = new CfnSecret(this, 'SessionSecret', {
      description: 'Signs the sessions of staff; a new value signs everybody out',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    acknowledge(sessionSecret, 'AwsSolutions::AwsSolutions-SMG4');
    this.sessionSecretArn = sessionSecret.ref;
    this.staff =
      issuer?.kind === 'cognito' ? new StaffPool(this, 'Staff', { ...props, ...issuer }) : null;
    this.issuer = this.staff?.variables ?? (issuer?.kind === 'oidc' ? variablesOf(issuer) : {});
    this.clientSecretArn = issuer?.kind === 'oidc' ? issuer.clientSecretArn : undefined;
  }

  /** For the authorizer, and the login. */
  grantCheck(fn: IFunction) {
    this.allowRead(fn, this.sessionSecretArn);
    return { SESSION_SECRET_ARN: this.sessionSecretArn, ...this.issuer };
  }

  /** For the login alone: it also proves who we are to the issuer. */
  grantLogin(fn: IFunction) {
    const variables = this.grantCheck(fn);
    if (this.clientSecretArn === undefined) return variables;
    this.allowRead(fn, this.clientSecretArn);
    return { ...variables, OIDC_CLIENT_SECRET_ARN: this.clientSecretArn };
  }

  private allowRead(fn: IFunction, secretArn: string): void {
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }),
    );
  }
}

type OwnIssuer = Extract<CatalogConfig['issuer'], { kind: 'oidc' }>;

function variablesOf(issuer: OwnIssuer): IssuerVariables {
  const groups = Object.entries(issuer.groups).map(
    ([name, scopes]) => `${name}=${scopes.join('+')}`,
  );
  return {
    OIDC_ISSUER: issuer.url,
    OIDC_CLIENT_ID: issuer.clientId,
    OIDC_GROUPS_CLAIM: issuer.groupsClaim,
    OIDC_GROUP_SCOPES: groups.join(','),
  };
}
