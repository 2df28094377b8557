import type { Context } from 'aws-lambda';
import { ConfigurationError } from '../../shared/core/errors.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { readerEnvironment, SETTING_HELP } from '../../shared/environment.ts';
import { resourceNamed } from '../../shared/resources/index.ts';
import { listOperation, singleOperation } from '../http/operations.ts';
import { readHandler } from '../read-handler.ts';
import { environmentOf, readServices } from '../runtime.ts';
import { lazily, type Lazy, type ReadServices } from '../services.ts';

/** Any resource without a handler of its own: list and single. */
export const createHandler = (services: Lazy<ReadServices>, resource: Resource) =>
  readHandler({
    name: `${resource.name}-synced`,
    services,
    keepFresh: [resource.name],
    alsoRead: resource.joins.filter((name) => name !== resource.name),
    operations: { list: listOperation(resource), single: singleOperation(resource) },
  });

const configured = lazily(() => createHandler(readServices, ownResource()));

export const handler = async (event: unknown, context: Context) => configured()(event, context);

/** The resource that this function serves. @throws ConfigurationError */
function ownResource(): Resource {
  const resource = resourceNamed(environmentOf(readerEnvironment).RESOURCE ?? '');
  if (resource !== undefined) return resource;
  throw new ConfigurationError(
    `RESOURCE is missing or unknown: it is ${SETTING_HELP['RESOURCE']}.`,
  );
}
