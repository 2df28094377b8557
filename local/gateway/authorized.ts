import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HttpAuthorizer } from './handler.ts';
import type { RouteMatch } from './routes.ts';

/** The event with the authorizer's word in it, where the route asks for it; null when it refuses. */
export async function authorized(
  event: APIGatewayProxyEventV2,
  { route }: RouteMatch,
  authorizer: HttpAuthorizer | undefined,
): Promise<APIGatewayProxyEventV2 | null> {
  if (!route.identified || authorizer === undefined) return event;
  const { isAuthorized, context } = await authorizer(event);
  if (!isAuthorized) return null;
  const requestContext = { ...event.requestContext, authorizer: { lambda: context } };
  return { ...event, requestContext };
}
