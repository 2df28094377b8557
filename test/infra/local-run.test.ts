import { expect, test } from 'vitest';
import * as z from 'zod';
import { gatewayRoutes } from '../../local/gateway/routes.ts';
import { nextFiringMs } from '../../local/schedules.ts';
import { functionDeclarations, schedulesOf } from '../../shared/deployment.ts';
import { synthesized } from './synthesized.ts';

const template = synthesized();
const declarations = schedulesOf(['main']);

test('the local run serves the routes that are deployed, and no others', () => {
  const deployed = template
    .ofType('AWS::ApiGatewayV2::Route')
    .map((route) => z.object({ RouteKey: z.string() }).parse(route).RouteKey);
  const local = gatewayRoutes(functionDeclarations).map(({ routeKey }) => routeKey);
  expect(local.toSorted()).toEqual(deployed.toSorted());
});

test('the rules that the local run fires are the rules that are deployed, at the same minutes', () => {
  const rule = z.object({
    ScheduleExpression: z.string(),
    Targets: z.array(z.object({ Input: z.string() })).length(1),
  });
  const deployed = template.ofType('AWS::Events::Rule').map((one) => rule.parse(one));
  expect(deployed).toHaveLength(declarations.length);
  const midnight = Date.parse('2026-11-22T00:00:00Z') - 1;
  for (const declaration of declarations) {
    const input = JSON.stringify(declaration.payload);
    const match = deployed.find(({ Targets }) => Targets[0]?.Input === input);
    const firstMinute = new Date(nextFiringMs(declaration, midnight)).getUTCMinutes();
    expect(match?.ScheduleExpression).toMatch(new RegExp(`^cron\\(${firstMinute}[ /]`));
  }
});

test('every deployed function that answers has a handler in the local run', () => {
  const names = template
    .ofType('AWS::Lambda::Function')
    .map((fn) => z.object({ FunctionName: z.string() }).parse(fn).FunctionName);
  const declared = functionDeclarations.map(({ name }) => `b2b-catalog-${name}`);
  expect(names.toSorted()).toEqual(declared.toSorted());
});
