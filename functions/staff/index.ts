import { overviews } from '../../shared/reads/overview.ts';
import { resources } from '../../shared/resources/index.ts';
import { readerOf } from '../pages/reader.ts';
import { httpHandler, type Operation } from '../read-handler.ts';
import { lazily, type Lazy } from '../services.ts';
import { decideHeldOperation, retryOperation } from './decisions.ts';
import { rejectsOperation, runsOperation } from './listings.ts';
import { recordOperation } from './record.ts';
import { callerOf } from './request.ts';
import { staffServices, type StaffServices } from './services.ts';
import { statusPage, type AnswerKey } from './status-page.ts';
import { syncOperation, syncPageOperation } from './sync.ts';

/** What staff see and steer, as pages and as JSON. It starts nothing by itself. */
export const createHandler = (services: Lazy<StaffServices>) =>
  httpHandler({
    name: 'staff',
    // Whoever steers sees each sync as it is now.
    services: lazily(() => ({ ...services(), reader: services().live })),
    operations: {
      status_page: statusPageOperation,
      sync_page: syncPageOperation,
      sync: syncOperation,
      runs: runsOperation,
      rejects: rejectsOperation,
      retry: retryOperation,
      decide_held: decideHeldOperation,
      record: recordOperation,
    },
  });

/** What a form's answer may be, by the `answer` of the address it led to. */
const ANSWERS: ReadonlyMap<string, AnswerKey> = new Map([
  ['retry', 'answer_retry'],
  ['approve', 'answer_approve'],
  ['discard', 'answer_discard'],
  ['running', 'answer_running'],
  ['unfinished', 'answer_unfinished'],
  ['waiting', 'answer_waiting'],
  ['no_credential', 'answer_no_credential'],
  ['decided', 'answer_decided'],
]);

/** The page may stay open for days, and be about other deletions by then. */
const ANSWER_IS_NEWS_MS = 10 * 60_000;

const statusPageOperation: Operation<StaffServices> = async ({ event }, services) => {
  const shown = await overviews(resources, services);
  const { answer = '', at = '' } = event.queryStringParameters;
  const isNews = services.clock.nowMs() - Number(at) < ANSWER_IS_NEWS_MS;
  return statusPage({
    overviews: shown,
    reader: readerOf(event, services.clock.nowMs()),
    caller: callerOf(event),
    imageHosts: services.imageHosts,
    answer: (isNews ? ANSWERS.get(answer) : undefined) ?? null,
  });
};

export const handler = createHandler(staffServices);
