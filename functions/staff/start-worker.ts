import { WorkerSilentError, WorkerStartError } from '../../shared/core/errors.ts';
import type { WorkerOrder } from '../../shared/core/ports.ts';
import type { StaffServices } from './services.ts';

/** Hands an order to the worker. @throws WorkerStartError, WorkerSilentError */
export async function startWorker(
  order: WorkerOrder,
  { starter }: Pick<StaffServices, 'starter'>,
): Promise<void> {
  try {
    await starter.start(order);
  } catch (cause) {
    if (cause instanceof WorkerSilentError) throw cause;
    throw new WorkerStartError('the worker can’t be started', { cause });
  }
}
