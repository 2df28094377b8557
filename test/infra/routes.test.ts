import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { functionDeclarations, spellings } from '../../shared/deployment.ts';
import { synthesized } from './synthesized.ts';

const route = z.object({ RouteKey: z.string(), Target: z.string(), AuthorizationType: z.string() });
const integration = z.object({ IntegrationUri: z.string() });

/** `GET /path/{id}` as API Gateway matches it: `{proxy+}` takes any rest, and none. */
function pattern(routeKey: string): RegExp {
  const path = routeKey.replace(/^GET /, '').replace('{proxy+}', '.*');
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

const isPublic = (path: string) =>
  declared.some((one) => one.path === path && one.access === 'public');

describe('the HTTP API', () => {
  test.each(declared)(
    '$method $path is answered by $function with and without the slash',
    (one) => {
      for (const spelling of spellings(one.path.replace('{id}', '300'))) {
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
    expect(new Set(keys)).toEqual(new Set(declared.map(({ method, path }) => `${method} ${path}`)));
    expect(open.answering('/api/inventory')).toEqual([]);
    expect(open.answering('/inventory/sync/products/')).toEqual([]);
  });

  test('no route key ends in a slash, which API Gateway refuses', () => {
    const slashed = open.routes.filter(({ RouteKey }) => /.\/$/.test(RouteKey.replace('GET ', '')));
    expect(slashed).toEqual([]);
  });

  test('the worker has no route', () => {
    const uris = open.template.ofType('AWS::ApiGatewayV2::Integration');
    expect(JSON.stringify(uris)).not.toContain('Worker');
  });

  test('reads are open by default', () => {
    expect(new Set(open.routes.map((each) => each.AuthorizationType))).toEqual(new Set(['NONE']));
  });

  test('closed reads need an IAM signature; public routes stay open', () => {
    for (const { RouteKey, AuthorizationType } of deployed({ publicReads: false }).routes) {
      const path = RouteKey.replace('GET ', '').replace('/{proxy+}', '');
      expect([RouteKey, AuthorizationType]).toEqual([
        RouteKey,
        isPublic(path) ? 'NONE' : 'AWS_IAM',
      ]);
    }
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
  });
});
