import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { AssetServices } from '../functions/services.ts';
import type { LoginServices } from '../functions/login/services.ts';
import type { StaffServices } from '../functions/staff/services.ts';
import type { FunctionDeclaration } from '../shared/deployment.ts';
import { resourceNamed } from '../shared/resources/index.ts';
import type { HttpHandler } from './gateway/handler.ts';

/** What any function that answers HTTP may ask for. */
export type LocalServices = StaffServices & AssetServices & LoginServices;

type CreateHandler = (services: () => LocalServices, resource: unknown) => HttpHandler;

const handlerModule = z.object({
  createHandler: z.custom<CreateHandler>((value) => typeof value === 'function'),
});

/** The real handlers of the declared functions that answer HTTP, over these services. */
export async function loadHandlers(
  declarations: readonly FunctionDeclaration[],
  services: LocalServices,
): Promise<ReadonlyMap<string, HttpHandler>> {
  const answering = declarations.filter(({ routes }) => routes.length > 0);
  const loaded = answering.map(
    async ({ name, folder, resource }): Promise<[string, HttpHandler]> => {
      const { createHandler } = handlerModule.parse(
        await import(`../functions/${folder}/index.ts`),
      );
      return [name, createHandler(() => services, resourceNamed(resource ?? ''))];
    },
  );
  return new Map(await Promise.all(loaded));
}

/** An invocation's context, of which the worker reads the id and the time left. */
export function workerContext(
  awsRequestId: string,
): Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'> {
  return { awsRequestId, getRemainingTimeInMillis: () => Number.MAX_SAFE_INTEGER };
}
