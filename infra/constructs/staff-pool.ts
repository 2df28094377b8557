import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  CfnUserPoolGroup,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { CALLBACK_PATH } from '../../shared/deployment.ts';

/** The groups that are made, and what their people may do. */
const GROUPS = {
  'catalog-admins': ['admin'],
  'catalog-staff': ['sync', 'sync:force'],
} as const;

export interface StaffPoolProps {
  /** First part of the sign-in page's address; nobody else in the region may have it. */
  readonly domainPrefix: string;
  /** Where the API answers, with the slash at its end. */
  readonly apiUrl: string;
  /** Other origins at which it answers. */
  readonly domains: readonly string[];
  /** Whether its people outlive the stack. */
  readonly retainData: boolean;
}

/** What the functions are told of the issuer. */
export interface IssuerVariables {
  readonly OIDC_ISSUER?: string;
  readonly OIDC_CLIENT_ID?: string;
  readonly OIDC_GROUPS_CLAIM?: string;
  readonly OIDC_GROUP_SCOPES?: string;
}

/** The shop's own staff, where it has no issuer yet: people are invited, and sign in on Cognito's page. */
export class StaffPool extends Construct {
  readonly variables: IssuerVariables;
  readonly poolId: string;

  constructor(scope: Construct, id: string, props: StaffPoolProps) {
    super(scope, id);
    const { domainPrefix, retainData } = props;
    const removalPolicy = retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: retainData,
      removalPolicy,
    });
    this.poolId = pool.userPoolId;
    pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    const client = this.clientOf(pool, props);
    for (const [groupName, scopes] of Object.entries(GROUPS)) {
      const description = `May: ${scopes.join(', ')}`;
      const group = new CfnUserPoolGroup(this, groupName, {
        userPoolId: pool.userPoolId,
        groupName,
        description,
      });
      group.applyRemovalPolicy(removalPolicy);
    }
    const scopes = Object.entries(GROUPS).map(([name, allowed]) => `${name}=${allowed.join('+')}`);
    this.variables = {
      OIDC_ISSUER: pool.userPoolProviderUrl,
      OIDC_CLIENT_ID: client.userPoolClientId,
      OIDC_GROUPS_CLAIM: 'cognito:groups',
      OIDC_GROUP_SCOPES: scopes.join(','),
    };
  }

  /** A public client: PKCE protects the code, so that there is no secret to keep. */
  private clientOf(
    pool: UserPool,
    { apiUrl, domains }: Pick<StaffPoolProps, 'apiUrl' | 'domains'>,
  ): UserPoolClient {
    // Cognito sends people to none but these, in either direction.
    const homes = [apiUrl, ...domains.map((origin) => `${origin}/`)];
    const client = pool.addClient('Pages', {
      generateSecret: false,
      authFlows: {},
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: homes.map((home) => `${home.replace(/\/$/, '')}${CALLBACK_PATH}`),
        logoutUrls: homes,
      },
      preventUserExistenceErrors: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
    });
    new CfnManagedLoginBranding(this, 'Branding', {
      userPoolId: pool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    return client;
  }
}
