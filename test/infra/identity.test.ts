import { expect, test } from 'vitest';
import {
  identityEnvironment,
  loginEnvironment,
  parseEnvironment,
} from '../../shared/environment.ts';
import { synthesized } from './synthesized.ts';

const COGNITO = { issuer: { kind: 'cognito', domainPrefix: 'my-shop' } };
const OWN = {
  issuer: {
    kind: 'oidc',
    url: 'https://login.shop.example',
    clientId: 'b2b-catalog',
    groups: { owners: ['admin'], staff: ['sync', 'read'] },
  },
};

function variablesOf(config: object, name: string): Record<string, string> {
  const functions = synthesized(config).ofType('AWS::Lambda::Function');
  const found = functions.find((one) => one['FunctionName'] === `b2b-catalog-${name}`);
  return JSON.parse(JSON.stringify(found?.['Environment'])).Variables;
}

test('without an issuer no pool is made, and sessions still have a generated secret', () => {
  const template = synthesized();
  expect(template.ofType('AWS::Cognito::UserPool')).toEqual([]);
  expect(template.ofType('AWS::SecretsManager::Secret')).toContainEqual(
    expect.objectContaining({
      GenerateSecretString: expect.objectContaining({ PasswordLength: 64 }),
    }),
  );
});

test('a pool of its own invites people, signs them in by code, and comes back to the callback', () => {
  const template = synthesized(COGNITO);
  expect(template.ofType('AWS::Cognito::UserPool')).toMatchObject([
    { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }, DeletionProtection: 'ACTIVE' },
  ]);
  const [client] = template.ofType('AWS::Cognito::UserPoolClient');
  expect(client).toMatchObject({
    GenerateSecret: false,
    AllowedOAuthFlows: ['code'],
    PreventUserExistenceErrors: 'ENABLED',
  });
  expect(JSON.stringify(client?.['CallbackURLs'])).toMatch(/\/inventory\/login\/callback/);
  // Cognito signs out to none but these.
  expect(client?.['LogoutURLs']).toHaveLength(1);
  expect(template.outputs).toContain('StaffPoolId');
  const thrownAway = synthesized({ ...COGNITO, retainData: false });
  expect(thrownAway.ofType('AWS::Cognito::UserPool')).toMatchObject([
    { DeletionProtection: 'INACTIVE' },
  ]);
});

test('who is in a pool outlives the stack with what they may do, or neither does', () => {
  const policies = (config: object) =>
    synthesized({ ...COGNITO, ...config })
      .resources.filter(({ Type }) => /Cognito::UserPool(?:Group)?$/.test(Type))
      .map(({ DeletionPolicy }) => DeletionPolicy);
  expect(policies({})).toEqual(['Retain', 'Retain', 'Retain']);
  expect(policies({ retainData: false })).toEqual(['Delete', 'Delete', 'Delete']);
});

test('a pool of its own also comes back to the domains that the API is mapped to', () => {
  const domains = ['https://api.shop.example', 'https://catalogue.shop.example:8443'];
  const [client] = synthesized({ ...COGNITO, domains }).ofType('AWS::Cognito::UserPoolClient');
  expect(client).toMatchObject({
    CallbackURLs: [
      expect.stringMatching(/execute-api.*\/inventory\/login\/callback$/),
      'https://api.shop.example/inventory/login/callback',
      'https://catalogue.shop.example:8443/inventory/login/callback',
    ],
    LogoutURLs: [
      expect.stringMatching(/execute-api.*\/$/),
      'https://api.shop.example/',
      'https://catalogue.shop.example:8443/',
    ],
  });
});

test('an issuer of the shop’s own is told to the login and the authorizer, with the scopes of groups', () => {
  for (const told of [
    parseEnvironment(loginEnvironment, variablesOf(OWN, 'login')),
    parseEnvironment(identityEnvironment, variablesOf(OWN, 'authorizer')),
  ]) {
    expect(told).toMatchObject({
      OIDC_ISSUER: 'https://login.shop.example',
      OIDC_CLIENT_ID: 'b2b-catalog',
      OIDC_GROUP_SCOPES: new Map([
        ['owners', ['admin']],
        ['staff', ['sync', 'read']],
      ]),
    });
  }
});

test('the login is told of no table: it reads none', () => {
  expect(variablesOf(OWN, 'login')).not.toHaveProperty('TABLE_NAME');
  expect(variablesOf(OWN, 'authorizer')).toHaveProperty('TABLE_NAME', 'Table/Catalog');
});
