import { PassThrough } from 'node:stream';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createProgram } from '../cli/program.ts';
import {
  API_ERRORS_ALARM,
  LATE_EVENTS_ALARM,
  queueAlarm,
  resourceAlarms,
  THROTTLED_ALARM,
} from '../infra/alarm-declarations.ts';
import { SETTING_NAMES } from '../infra/config.ts';
import { createHandler } from '../functions/change-events/index.ts';
import { recordKey } from '../shared/adapters/dynamodb/keys.ts';
import { createDynamoDBReader } from '../shared/adapters/dynamodb/reader.ts';
import {
  CHANGE_EVENTS,
  type ChangeEvent,
  type ChangeEventBus,
} from '../shared/core/change-event.ts';
import { METRICS } from '../shared/core/metrics.ts';
import { functionDeclarations } from '../shared/deployment.ts';
import { SETTING_HELP } from '../shared/environment.ts';
import { synthesized } from './infra/synthesized.ts';
import { storeOver, TABLE_NAME, useDynamoDB } from './support/dynamodb-under-test.ts';
import { syncBench } from './support/sync-bench.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const PAGES = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT, exclude: ['**/node_modules'] });
const deploy = read('docs/deploy.md');
const runbook = read('docs/runbook.md');

/** The words of every shell line in a page's blocks, joined where a backslash says so. */
function shellLines(page: string): string[] {
  const blocks = [...read(page).matchAll(/```(?:sh|console)\n([\s\S]*?)```/g)];
  return blocks
    .flatMap(([, block = '']) => block.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.replace(/^\$ /, '').trim());
}

const nowhere = new PassThrough();
const program = createProgram({ environment: {}, stdout: nowhere, stderr: nowhere }, () => {});
const commands = new Map(program.commands.map((command) => [command.name(), command]));

describe('the documents', () => {
  test('the API page names every route, and none that does not exist', () => {
    const named = [...read('docs/api.md').matchAll(/^\| `(GET|POST) (\S+)` /gm)];
    const declared = functionDeclarations
      .flatMap(({ routes }) => routes)
      .map(({ method, path }) => `${method} ${/^\/$|\.\w+$/.test(path) ? path : `${path}/`}`);
    expect(named.map(([, method, path]) => `${method} ${path}`).toSorted()).toEqual(
      declared.toSorted(),
    );
  });

  test('the deployment page names every setting and every output, and no other setting', () => {
    const [, configure = ''] = deploy.split('## 3. Configure');
    const [table = ''] = configure.split('## 4.');
    const named = [...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
    expect(named.toSorted()).toEqual(SETTING_NAMES.toSorted());
    const { outputs } = synthesized({
      changeEvents: true,
      issuer: { kind: 'cognito', domainPrefix: 'my-shop' },
    });
    for (const output of outputs) expect(deploy).toContain(`\`${output}\``);
  });

  test('the runbook has a heading for every alarm, and for nothing else', () => {
    const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    const alarms = [
      ...resourceAlarms({ syncedEveryMinutes: 60, lookedAtEveryMinutes: 5 }),
      queueAlarm({ changeEvents: true }),
      THROTTLED_ALARM,
      API_ERRORS_ALARM,
      LATE_EVENTS_ALARM,
    ].map(({ name }) => name);
    expect(headings).toEqual(alarms);
    for (const heading of headings) {
      const [, section = ''] = runbook.split(`## ${heading}\n`);
      const own = section.split('\n## ')[0];
      expect(own, heading).toMatch(/What it means[\s\S]*How to look[\s\S]*How to mend/);
    }
  });

  test('every change event is described, and none that does not exist', () => {
    const named = [...read('docs/change-events.md').matchAll(/^\| `(\w+ \w+)` /gm)];
    expect(named.map(([, type = '']) => type).toSorted()).toEqual(
      Object.keys(CHANGE_EVENTS).toSorted(),
    );
  });

  test.each(PAGES)(
    '%s: every npm script and every command and flag of the command line in it exists',
    (page) => {
      const named = read(page).matchAll(/npm run (?:-s )?([a-z\d:-]+)(?: --workspace (\S+))?/g);
      for (const [, script = '', workspace = '.'] of named) {
        expect(scriptsOf(workspace)).toHaveProperty([script]);
      }
      const wrong = [...read(page).matchAll(/npm run (?:-s )?sync -- ([^`\n|]+)/g)].filter(
        ([, words = '']) => !isUnderstood(words.split(/[#;&|]/)[0] ?? ''),
      );
      expect(wrong.map(([all]) => all)).toEqual([]);
    },
  );

  test.each(PAGES)('%s: every link inside the project leads somewhere', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, path = '', heading]) => {
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, target))) return true;
      return heading !== undefined && !headingsOf(target).includes(heading);
    });
    expect(broken.map(([all]) => all)).toEqual([]);
  });

  test('every metric is counted in the cost, and the variables that people set are explained', () => {
    expect(read('docs/decisions/0009-metrics-as-log-lines.md')).toContain(
      `${Object.keys(METRICS).length} metrics`,
    );
    for (const name of ['WORKER_FUNCTION_NAME', 'TABLE_NAME']) {
      expect(SETTING_HELP).toHaveProperty(name);
      expect(deploy).toContain(name);
    }
  });

  test('no shell block asks for a key on the command line', () => {
    for (const line of PAGES.flatMap(shellLines)) expect(line).not.toMatch(/--secret-string [^f]/);
  });

  test('no shell block has a key written where the shell’s history keeps it', () => {
    for (const line of PAGES.flatMap(shellLines)) {
      expect(line).not.toMatch(/<key>|API_KEY=|printf %s '/);
    }
  });

  test('every command that stops the worker names what goes off meanwhile, and how it is started again', () => {
    for (const page of [deploy, runbook]) {
      const [, after = ''] = page.split('--reserved-concurrent-executions 0\n');
      expect(after).toMatch(/`throttled`|\[throttled\]/);
      expect(after).toMatch(/`on-failure-queue`|\[on-failure-queue\]/);
      expect(after).toContain('--reserved-concurrent-executions 4\n');
      expect(after).toContain('aws lambda delete-function-concurrency --function-name ');
    }
  });
});

test('lost change events are published again from what the stream answers, as the runbook has it', async () => {
  const { pk, sk } = recordKey({ source: 'main', resource: 'products' }, '300');
  const before = {
    body: { S: '{}' },
    fence: { N: '56' },
    synced_at: { S: '2026-11-22T09:00:00Z' },
  };
  const at = '2026-11-22T10:00:05Z';
  const records = {
    Records: [
      {
        eventID: 'c4ca4238a0b923820dcc509a6f75849b',
        eventName: 'MODIFY',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'eu-west-3',
        dynamodb: {
          // A number where Lambda tells it.
          ApproximateCreationDateTime: '2026-11-22T10:00:05+00:00',
          Keys: { pk: { S: pk }, sk: { S: sk } },
          OldImage: before,
          NewImage: { ...before, fence: { N: '57' }, removed_at: { S: at } },
          SequenceNumber: '111',
          SizeBytes: 300,
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
      },
    ],
    NextShardIterator: 'arn:aws:dynamodb:eu-west-3:111122223333:table/catalog/stream/2026|1|AAAA',
  };
  const published: ChangeEvent[] = [];
  const bus: ChangeEventBus = { publish: async (events) => void published.push(...events) };
  await createHandler(() => bus)(records);
  expect(published).toMatchObject([
    {
      type: 'Record Removed',
      detail: { id: '300', fence: 57, at, event_id: 'c4ca4238a0b923820dcc509a6f75849b' },
    },
  ]);
});

const scripts = z.object({ scripts: z.record(z.string(), z.string()) });
const scriptsOf = (workspace: string) =>
  scripts.parse(JSON.parse(read(join(workspace, 'package.json')))).scripts;

/** The words of a command, options and all, as commander knows them. */
function isUnderstood(words: string): boolean {
  const [name = '', ...rest] = words.trim().split(/\s+/);
  const named = commands.get(name);
  if (named === undefined) return false;
  // Of a command that has commands of its own, the next word has to be one of them.
  const command =
    named.commands.length === 0 ? named : named.commands.find((one) => one.name() === rest[0]);
  if (command === undefined) return false;
  const flags = rest.filter((word) => word.startsWith('-'));
  return flags.every((flag) => command.options.some(({ long }) => long === flag));
}

const headingsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('the restore of a backup', () => {
  const { client } = useDynamoDB();

  /** One quoted argument of the command that raises the fence. */
  const argument = (name: string): string => {
    const found = new RegExp(`--${name} '([^']+)'`).exec(deploy)?.[1];
    if (found === undefined) throw new Error(`no --${name} in docs/deploy.md`);
    return found;
  };
  const names = z.record(z.string(), z.string());
  const values = z.record(z.string(), z.object({ N: z.string() }));

  test('raising the fence as documented leaves a table on which the next sync goes on', async () => {
    const store = storeOver(client());
    const ref = { source: 'main', resource: 'products' };
    const bench = syncBench(
      { ...createDynamoDBReader(client('read'), TABLE_NAME), ...store },
      undefined,
      ref,
    );
    await bench.sync();
    const before = await store.control(ref);
    await client().send(
      new UpdateItemCommand({
        TableName: TABLE_NAME,
        Key: { pk: { S: 'control#main#products' }, sk: { S: 'control' } },
        UpdateExpression: argument('update-expression'),
        ExpressionAttributeNames: names.parse(JSON.parse(argument('expression-attribute-names'))),
        ExpressionAttributeValues: values.parse(
          JSON.parse(argument('expression-attribute-values')),
        ),
      }),
    );
    const raised = await store.control(ref);
    expect(raised.fence).toBe(before.fence + 1_000_000);
    expect(raised.version).toBe(before.version + 1_000_000);
    expect(argument('key')).toBe('{"pk":{"S":"control#main#products"},"sk":{"S":"control"}}');
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: true, stats: { unchanged: 50 } });
    expect((await store.control(ref)).fence).toBe(raised.fence + 1);
  });
});
