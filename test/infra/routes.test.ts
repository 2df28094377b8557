import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { functionDeclarations, spellings } from '../../shared/deployment.ts';
import { synthesized } from './synthesized.ts';

const route = z.object({ RouteKey: z.string(), Target: z.string(), AuthorizationType: z.string() });
const permission = z.object({ FunctionName: z.string(), SourceArn: z.string() });
const integration = z.object({ IntegrationUri: z.string() });

/** `GET /path/{id}` as API Gateway matches it: `{proxy+}` takes any rest, and none. */
function pattern(routeKey: string): RegExp {
  const path = routeKey.replace(/^\w+ /, '').replace('{proxy+}', '.*');
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function deployed(config?: object) {
  const template = synthesized(config);
  const routes = template.ofType('AWS::ApiGatewayV2::Route').map((each) => route.parse(each));
  const answering = (path: string) => routes.filter(({ RouteKey }) => pattern(RouteKey).test(path));
  return { template, routes, answering };
}

const open = deployed();
const declared = functionDeclarations.flatMap(({ name, routes }) =>
  routes.map((each) => ({ function: name, ...each })),
);

/** The authorization of each declared route, as this deployment should have it. */
function expected(config: { publicReads: boolean; closed: string }) {
  return new Map(
    declared.map(({ method, path, access, identifies }) => {
      const isOpenRead = access === 'read' && config.publicReads && identifies !== true;
      if (access === 'public' || isOpenRead) return [`${method} ${path}`, 'NONE'];
      return [
        `${method} ${path}`,
        access === 'read' && !config.publicReads ? config.closed : 'CUSTOM',
      ];
    }),
  );
}

const authorizations = ({ routes }: ReturnType<typeof deployed>) =>
  new Map(
    routes
      .filter(({ RouteKey }) => RouteKey !== '$default')
      .map((one) => [one.RouteKey.replace('/{proxy+}', ''), one.AuthorizationType]),
  );

describe('the HTTP API', () => {
  test.each(declared)(
    '$method $path is answered by $function with and without the slash',
    (one) => {
      for (const spelling of spellings(one.path.replace(/\{\w+\}/, '300'))) {
        const targets = open.answering(spelling).map(({ Target }) => Target);
        expect(targets.length).toBeGreaterThan(0);
        // Every route that could match leads to the same function, so their order can't matter.
        expect(targets.every((target) => target.endsWith(`/${one.function}`))).toBe(true);
      }
    },
  );

  test('each integration calls the function it is named after', () => {
    const uris = open.template
      .ofType('AWS::ApiGatewayV2::Integration')
      .map((each) => integration.parse(each).IntegrationUri);
    const serving = functionDeclarations.filter(({ routes }) => routes.length > 0);
    expect(uris).toEqual(serving.map(({ name }) => `${name}/Function.Arn`));
  });

  test('nothing but the declared routes exists', () => {
    const keys = open.routes.map(({ RouteKey }) => RouteKey.replace('/{proxy+}', ''));
    const wanted = declared.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(keys)).toEqual(new Set([...wanted, '$default']));
    const rest = open.routes.find(({ RouteKey }) => RouteKey === '$default');
    const taking = functionDeclarations.filter(({ takesTheRest }) => takesTheRest);
    expect(taking.map(({ name }) => `/${name}`)).toEqual([rest?.Target.replace(/^.*\//, '/')]);
    expect(open.answering('/api/inventory')).toEqual([]);
    expect(open.answering('/inventory/sync/')).toEqual([]);
  });

  test('no route key ends in a slash, which API Gateway refuses', () => {
    const slashed = open.routes.filter(({ RouteKey }) =>
      /.\/$/.test(RouteKey.replace(/^\w+ /, '')),
    );
    expect(slashed).toEqual([]);
  });

  /** What lets the gateway call a function: the paths of its requests in this API, `*` for any text. */
  const permitted = (name: string): string[] =>
    open.template
      .ofType('AWS::Lambda::Permission')
      .map((each) => permission.parse(each))
      .filter(({ FunctionName }) => FunctionName === `${name}/Function.Arn`)
      .map(({ SourceArn }) => SourceArn.split(':Api/Http/')[1] ?? '');

  const mayCall = (name: string, request: string): boolean =>
    permitted(name).some((paths) => {
      const literal = paths.replaceAll(/[{}$.+]/g, String.raw`\$&`);
      return new RegExp(`^${literal.replaceAll('*', '.*')}$`).test(request);
    });

  test('the gateway may call each function for its routes, also for what no route takes', () => {
    for (const { function: name, method, path } of declared) {
      expect(mayCall(name, `$default/${method}${path}`), `${method} ${path}`).toBe(true);
    }
    const taking = functionDeclarations.filter(({ takesTheRest }) => takesTheRest);
    for (const { name } of taking) expect(mayCall(name, '$default/$default'), name).toBe(true);
  });

  test('by one permission, however many routes there are: a function’s policy takes 20,480 bytes', () => {
    for (const { name, routes, takesTheRest } of functionDeclarations) {
      if (routes.length === 0 || takesTheRest) continue;
      expect(permitted(name), name).toEqual(['*/*/*']);
    }
  });

  test('the worker has no route', () => {
    const uris = open.template.ofType('AWS::ApiGatewayV2::Integration');
    expect(JSON.stringify(uris)).not.toContain('Worker');
  });

  test('reads are open by default; the authorizer stands before what is not public', () => {
    expect(authorizations(open)).toEqual(expected({ publicReads: true, closed: '' }));
  });

  test.each([
    ['token', 'CUSTOM'],
    ['iam', 'AWS_IAM'],
  ])('closed reads (%s) need %s; public routes stay open', (closedReads, closed) => {
    const closing = deployed({ publicReads: false, closedReads });
    expect(authorizations(closing)).toEqual(expected({ publicReads: false, closed }));
  });

  test('the one authorizer is asked about every request, and hands on what it found out', () => {
    expect(open.template.ofType('AWS::ApiGatewayV2::Authorizer')).toMatchObject([
      {
        AuthorizerType: 'REQUEST',
        AuthorizerPayloadFormatVersion: '2.0',
        AuthorizerResultTtlInSeconds: 0,
        EnableSimpleResponses: true,
      },
    ]);
  });

  test('the stage is throttled and keeps an access log without addresses or queries', () => {
    const [stage] = open.template.ofType('AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 500 },
      AccessLogSettings: { DestinationArn: 'Api/Logs.Arn' },
    });
    const format = JSON.stringify(stage?.['AccessLogSettings']);
    expect(format).not.toMatch(/sourceIp|\$context\.path|querystring|userAgent/);
    // Who failed: the function, the gateway on its way there, or the authorizer before it.
    expect(format).toContain('$context.integrationErrorMessage');
    expect(format).toContain('$context.authorizer.error');
  });
});
