import { createHandler } from '../functions/scheduled-sync/index.ts';
import type { SyncResult } from '../shared/core/run-sync.ts';
import type { WorkerStarter } from '../shared/core/ports.ts';
import { catalogName } from '../shared/core/source-names.ts';
import { resources } from '../shared/resources/index.ts';
import { workerContext } from './handlers.ts';
import { eachOf, localPorts, localSettings, refOf, type LocalSyncParts } from './local-sync.ts';
import type { ProgressPrinter } from './progress.ts';
import { localHost, progressObserver } from './run-host.ts';

/** The real worker, invoked in this program. */
export interface LocalWorker extends WorkerStarter {
  /** Invokes it with an event as EventBridge or a person would; resolves with its answer. */
  invoke(event: object): Promise<unknown>;
  /** Runs in progress stop at their next commit, to be resumed; resolves once they have. */
  stop(): Promise<void>;
}

export function createLocalWorker(parts: LocalSyncParts, progress: ProgressPrinter): LocalWorker {
  const { clock, log, suppliers } = parts;
  const sources = [...suppliers.keys()];
  const names = eachOf(sources, resources).map((catalog) => catalogName(refOf(catalog)));
  const underWay = new Set<Promise<unknown>>();
  let isStopping = false;
  const handler = createHandler(() => ({
    log,
    sources,
    portsOf: (resource, source, sharedBy) => localPorts({ source, resource }, parts, sharedBy),
    settingsOf: (resource, source) => localSettings({ source, resource }, suppliers),
    hostOf: (_context, ref) => ({
      ...localHost(progressObserver(catalogName(ref), () => clock.monotonicMs(), progress.update)),
      shouldStop: () => isStopping,
    }),
  }));
  const invoke = (event: object): Promise<unknown> => {
    const answer = handler(event, workerContext(clock.ulid()));
    underWay.add(answer);
    return answer.finally(() => {
      underWay.delete(answer);
      if (underWay.size === 0) for (const name of names) progress.finish(name);
    });
  };
  return {
    invoke,
    start: async (request) => {
      // As Lambda does with an asynchronous start: accepted now, run on its own.
      invoke(request).catch((error: unknown) => log.error('worker_failed', { ...request, error }));
    },
    stop: async () => {
      isStopping = true;
      await Promise.allSettled(underWay);
    },
  };
}

/** The sentences of a worker's answer about all resources. */
export function messagesOf(answer: unknown): readonly string[] {
  const isAll = typeof answer === 'object' && answer !== null && 'results' in answer;
  if (!isAll || typeof answer.results !== 'object' || answer.results === null) return [];
  return Object.values(answer.results).map((result: SyncResult) => result.message);
}
