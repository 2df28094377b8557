import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBSteering } from '../../shared/adapters/dynamodb/steering.ts';
import { sha256 } from '../../shared/adapters/secrets.ts';
import type { SteeringStore } from '../../shared/core/force-limit.ts';
import { readerEnvironment } from '../../shared/environment.ts';
import { createReadServices, environmentOf } from '../runtime.ts';
import { lazily, type ReadServices } from '../services.ts';

/** What steering the sync takes besides reading. */
export interface StaffServices extends ReadServices {
  readonly steering: SteeringStore;
  readonly sha256: (text: string) => string;
}

/** The services of the staff function, from its environment. */
export const staffServices = lazily((): StaffServices => {
  const environment = environmentOf(readerEnvironment);
  const { TABLE_NAME, DYNAMODB_ENDPOINT } = environment;
  const client = createClient({ endpoint: DYNAMODB_ENDPOINT });
  return {
    ...createReadServices(environment),
    steering: createDynamoDBSteering(client, TABLE_NAME),
    sha256,
  };
});
