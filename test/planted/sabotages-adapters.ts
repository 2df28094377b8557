import { plantIn } from './plant.ts';
import type { Sabotage } from './sabotages.ts';

const DYNAMODB = 'test/contracts/dynamodb-store.test.ts';
const MEMORY = 'test/contracts/memory-store.test.ts';
const STORE_FAULTS = 'test/contracts/dynamodb-faults.test.ts';
const HISTORIES = 'test/histories/histories.test.ts';
const HTTP = 'test/shared/adapters/http/source';

const plant = plantIn('shared/adapters');

/** Bugs in the stores and in how upstream is read. */
export const ADAPTER_SABOTAGES: readonly Sabotage[] = [
  plant(
    'no fence condition (in memory)',
    'memory/store.ts',
    'if (control.fence === fence && control.run?.runId === runId) return control;',
    'if (control.fence >= fence && control.run?.runId === runId) return control;',
    MEMORY,
    HISTORIES,
  ),
  plant(
    'no fence condition (on DynamoDB)',
    'dynamodb/control-update.ts',
    "'#fence = :held_fence AND #run_id = :held_run'",
    "'#fence >= :held_fence AND #run_id = :held_run'",
    DYNAMODB,
  ),
  plant(
    'the lease is no condition (on DynamoDB)',
    'dynamodb/trigger-gate.ts',
    '#lease_expires_at_ms <= :now)',
    '#lease_expires_at_ms <= :now OR #lease_expires_at_ms > :now)',
    DYNAMODB,
  ),
  plant(
    'a late commit is overwritten by the next lease (on DynamoDB)',
    'dynamodb/unchanged.ts',
    "if (run !== null) compare('#chunks', ':seen_chunks', run.chunks);",
    '',
    DYNAMODB,
  ),
  plant(
    'a lease decided on an old record is given (in memory)',
    'memory/catalog.ts',
    'stored.fence === seen.fence &&',
    'stored.fence === seen.fence ||',
    MEMORY,
    HISTORIES,
  ),
  plant(
    'a cancelled transaction is always retried',
    'dynamodb/transaction.ts',
    "if (control === 'ConditionalCheckFailed') return 'fenced';",
    "if (control === 'ConditionalCheckFailed') return 'again';",
    STORE_FAULTS,
    DYNAMODB,
  ),
  plant(
    'a lost reply is taken for a failure',
    'dynamodb/transaction.ts',
    "if (await applied()) return 'done';",
    '',
    STORE_FAULTS,
  ),
  plant(
    'an unknown outcome is taken for success',
    'dynamodb/transaction.ts',
    "if (verdict === 'unknown') return 'unknown';",
    "if (verdict === 'unknown') return 'done';",
    STORE_FAULTS,
  ),
  plant(
    'a throttled transaction is no success and not tried again',
    'dynamodb/transaction.ts',
    "  'ThrottlingError',",
    '',
    STORE_FAULTS,
  ),
  plant(
    'a trigger’s claim has no condition',
    'dynamodb/trigger-gate.ts',
    '#trigger_claimed_until_ms <= :now)',
    '#trigger_claimed_until_ms <= :until)',
    DYNAMODB,
  ),
  plant(
    'resource locks are shared',
    'dynamodb/keys.ts',
    "pk: partitionOf('control', ref),",
    "pk: partitionOf('control', { ...ref, source: 'main', resource: '' }),",
    DYNAMODB,
  ),
  plant(
    'rows left undeleted are forgotten',
    'dynamodb/rows.ts',
    'left = left.filter((request) => refused.has(keyText(request)));',
    'left = left.filter((request) => refused.has(keyText(request)) && attempt < 0);',
    'test/contracts/unprocessed.test.ts',
  ),
  plant(
    'a resumed run forgets what was unchanged',
    'dynamodb/chunk.ts',
    'if (chunk.seen.length === 0) return [];',
    'if (chunk.seen.length >= 0) return [];',
    DYNAMODB,
    'test/core/protocol.test.ts',
  ),
  plant(
    'a record stays hidden when its id returns',
    'dynamodb/chunk.ts',
    'REMOVE #removed_at, #expires_at',
    'REMOVE #expires_at',
    DYNAMODB,
  ),
  plant(
    '`next` is followed anywhere',
    'http/page-cursor.ts',
    '  if (path === null) {',
    "  if (path === null && url.protocol === 'ftp:') {",
    `${HTTP}-security.test.ts`,
  ),
  plant(
    'a user in a URL passes for our origin',
    'http/base-url.ts',
    "if (!inside || url.username !== '' || url.password !== '') return null;",
    'if (!url.href.includes(base.host)) return null;',
    `${HTTP}-security.test.ts`,
  ),
  plant(
    'a redirect is taken for an answer',
    'http/outcome.ts',
    'return result.status === 200 ?',
    'return result.status < 400 ?',
    `${HTTP}-faults.test.ts`,
    `${HTTP}-security.test.ts`,
  ),
  plant(
    'HTML is taken for an empty list',
    'http/outcome.ts',
    '  const start = upstreamText(text, redact);',
    "  if (/^\\s*</.test(text)) return { kind: 'json', json: [] };\n  const start = upstreamText(text, redact);",
    `${HTTP}-faults.test.ts`,
    `${HTTP}-lists.test.ts`,
  ),
  plant(
    'an object without a list is an empty one',
    'http/list-shapes.ts',
    '  throw notAList();\n}\n\nfunction',
    '  return { entries: [], next: null, count };\n}\n\nfunction',
    `${HTTP}-lists.test.ts`,
    `${HTTP}-faults.test.ts`,
  ),
  plant(
    'decoded bytes are not capped',
    'http/request.ts',
    'if (bytes > maxBodyBytes) body.destroy',
    'if (bytes > maxBodyBytes * 1_000) body.destroy',
    `${HTTP}-faults.test.ts`,
    `${HTTP}-security.test.ts`,
  ),
  plant(
    'a gzip without its end is stored',
    'http/request.ts',
    'createGunzip()',
    'createGunzip({ finishFlush: 2 })',
    `${HTTP}-faults.test.ts`,
  ),
  plant(
    'retries have no budget',
    'http/retry-policy.ts',
    'if (unaskedRetries + 1 > budget) throw',
    'if (unaskedRetries >= budget * Infinity) throw',
    'test/shared/adapters/http/retry.test.ts',
    `${HTTP}-faults.test.ts`,
  ),
  plant(
    'a refused key is tried on and on',
    'http/key-trial.ts',
    'if (refusal) throw refusal;',
    '',
    `${HTTP}-faults.test.ts`,
    `${HTTP}-security.test.ts`,
    'test/shared/adapters/http/retry.test.ts',
  ),
  plant(
    'upstream’s text is not redacted',
    'redaction.ts',
    'return redact(plain).slice(',
    'return plain.slice(',
    'test/shared/adapters/redaction.test.ts',
    `${HTTP}-security.test.ts`,
  ),
];
