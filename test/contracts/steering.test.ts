import { beforeEach, describe, expect, test } from 'vitest';
import { createDynamoDBSteering } from '../../shared/adapters/dynamodb/steering.ts';
import { createDynamoDBTokens } from '../../shared/adapters/dynamodb/tokens.ts';
import type { AccessToken, TokenStore } from '../../shared/core/access.ts';
import type { ForceMark, SteeringStore } from '../../shared/core/force-limit.ts';
import { createTable } from '../../local/create-table.ts';
import { useDynamoDB } from '../support/dynamodb-under-test.ts';
import { createMemorySteering } from '../support/memory-steering.ts';
import { createMemoryTokens } from '../support/memory-tokens.ts';
import { ENGINE_NAME, missingEngine } from '../support/test-engine.ts';

interface Stores {
  readonly steering: SteeringStore;
  readonly tokens: TokenStore;
}

const NOW_MS = Date.UTC(2026, 10, 22, 10);
const mark = (subject: string, atMs = NOW_MS): ForceMark => ({ subject, atMs });
const given = (runId: string) => ({ asked: 'products force=true', runId });
const token = (id: string, createdAtMs: number): AccessToken => ({
  id,
  name: `for ${id}, « été »`,
  scopes: ['read', 'sync:force'],
  createdAtMs,
  expiresAtMs: NOW_MS + 1,
});

/** Every rule that what staff steer with keeps: one suite for every store. */
function rules(open: () => Promise<Stores>): void {
  let stores: Stores;
  beforeEach(async () => {
    stores = await open();
  });

  test('forces are none at first, then what was put, in its order', async () => {
    const { steering } = stores;
    expect(await steering.forces()).toEqual({ marks: [], revision: 0 });
    const marks = [mark('person:é#1'), mark('token:2', NOW_MS + 5)];
    expect(await steering.replaceForces(marks, 0)).toBe(true);
    expect(await steering.forces()).toEqual({ marks, revision: 1 });
    expect(await steering.replaceForces([], 1)).toBe(true);
    expect(await steering.forces()).toEqual({ marks: [], revision: 2 });
  });

  test('of ten that replace the forces at once, one does', async () => {
    const { steering } = stores;
    const { revision } = await steering.forces();
    const tries = Array.from({ length: 10 }, (_, at) =>
      steering.replaceForces([mark(`person:${at}`)], revision),
    );
    const won = (await Promise.all(tries)).flatMap((isOurs, at) => (isOurs ? [at] : []));
    expect(won).toHaveLength(1);
    const after = await steering.forces();
    expect(after.marks).toEqual([mark(`person:${won[0]}`)]);
    expect(await steering.replaceForces([], revision)).toBe(false);
  });

  test('an answer is kept once under its key, until it is forgotten', async () => {
    const { steering } = stores;
    expect(await steering.answer('a')).toBeNull();
    const keeping = ['run-1', 'run-2', 'run-3'].map((runId) =>
      steering.keepAnswer('a', given(runId), NOW_MS),
    );
    const kept = (await Promise.all(keeping)).filter(Boolean);
    expect(kept).toHaveLength(1);
    expect(await steering.keepAnswer('b', given('run-9'), NOW_MS)).toBe(true);
    const first = await steering.answer('a');
    expect(first?.asked).toBe('products force=true');
    expect(await steering.answer('a')).toEqual(first);
    await steering.forgetAnswer('a');
    await steering.forgetAnswer('a');
    expect(await steering.answer('a')).toBeNull();
    expect(await steering.answer('b')).toEqual(given('run-9'));
  });

  test('tokens are found by their hash alone, listed oldest first, revoked by their id', async () => {
    const { tokens } = stores;
    const [younger, older] = [token('01B', NOW_MS), token('01A', NOW_MS - 1)];
    await tokens.add('hash-of-b', younger);
    await tokens.add('hash-of-a', older);
    expect(await tokens.find('hash-of-a')).toEqual(older);
    expect(await tokens.find('01A')).toBeNull();
    expect(await tokens.list()).toEqual([older, younger]);
    expect(await tokens.revoke('hash-of-a')).toBe(false);
    expect(await tokens.revoke('01A')).toBe(true);
    expect(await tokens.revoke('01A')).toBe(false);
    expect(await tokens.find('hash-of-a')).toBeNull();
    expect(await tokens.list()).toEqual([younger]);
  });
}

describe('what staff steer with, in memory', () => {
  rules(async () => ({ steering: createMemorySteering(), tokens: createMemoryTokens() }));
});

const missing = missingEngine();

describe.skipIf(missing)(`what staff steer with, on ${ENGINE_NAME}`, () => {
  const { client } = useDynamoDB();
  let opened = 0;
  rules(async () => {
    const tableName = `steering-${(opened += 1)}`;
    await createTable(client(), tableName);
    return {
      steering: createDynamoDBSteering(client(), tableName),
      tokens: createDynamoDBTokens(client(), tableName),
    };
  });
});
