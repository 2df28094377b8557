import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { json, wrongMethod, type Answer } from './answers.ts';
import type { ChangedProducts, ChangeRequest } from './catalog.ts';
import { FAULT_MODES, type FaultMode } from './faults.ts';
import type { SupplierStats } from './stats.ts';

/** What a demonstration may do to the supplier while it runs; no real supplier has this. */
export interface Controls {
  readonly mode: () => FaultMode;
  readonly setFaults: (mode: FaultMode) => void;
  readonly change: (request: ChangeRequest) => ChangedProducts;
  readonly stats: () => SupplierStats;
}

export const CONTROL_PATH = '/_demo/';

const MOST_BYTES = 10_000;
const count = (usual: number) => z.int().min(0).max(1000).default(usual);
const faultRequest = z.strictObject({ mode: z.enum(FAULT_MODES) });
const changeRequest = z.strictObject({ changed: count(12), added: count(0), removed: count(0) });

/** `POST /_demo/faults`, `POST /_demo/change`, `GET /_demo/stats`. */
export async function answerControl(
  url: URL,
  request: IncomingMessage,
  controls: Controls,
): Promise<Answer> {
  const method = request.method ?? '';
  if (url.pathname === `${CONTROL_PATH}stats`) {
    if (method !== 'GET') return wrongMethod(method);
    return json(200, { mode: controls.mode(), ...controls.stats() });
  }
  if (method !== 'POST') return wrongMethod(method);
  // A form of another site can't send this type without asking first.
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return json(415, { error: 'Send JSON with the header content-type: application/json.' });
  }
  const body = await readJson(request);
  if (url.pathname === `${CONTROL_PATH}faults`) return setFaults(body, controls);
  if (url.pathname === `${CONTROL_PATH}change`) return change(body, controls);
  return json(404, { error: 'There are /_demo/faults, /_demo/change and /_demo/stats.' });
}

function setFaults(body: unknown, controls: Controls): Answer {
  const asked = faultRequest.safeParse(body);
  if (!asked.success) {
    return json(400, { error: `Send {"mode": one of ${FAULT_MODES.join(', ')}}.` });
  }
  controls.setFaults(asked.data.mode);
  return json(200, asked.data);
}

function change(body: unknown, controls: Controls): Answer {
  const asked = changeRequest.safeParse(body);
  if (asked.success) return json(200, controls.change(asked.data));
  return json(400, { error: 'Send {"changed": 12, "added": 0, "removed": 0}, each 0 to 1000.' });
}

/** The body as JSON; an empty one is `{}`, an unreadable or too long one undefined. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += String(part);
    if (text.length > MOST_BYTES) return undefined;
  }
  try {
    return JSON.parse(text || '{}');
  } catch {
    return undefined;
  }
}
