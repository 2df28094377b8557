import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { controlKey, recordPartition, runKey } from '../../shared/adapters/dynamodb/keys.ts';
import { changeEventsEnvironment, parseEnvironment } from '../../shared/environment.ts';
import { resources } from '../../shared/resources/index.ts';
import { synthesized } from './synthesized.ts';

const template = synthesized({ changeEvents: true });
const mapping = z.object({
  FilterCriteria: z.object({ Filters: z.tuple([z.object({ Pattern: z.string() })]) }),
});
const pattern = z.object({
  dynamodb: z.object({ Keys: z.object({ pk: z.object({ S: z.array(z.string()) }) }) }),
});

describe('change events', () => {
  test('are off unless asked for: no stream, no bus, no function', () => {
    const plain = synthesized();
    expect(plain.ofType('AWS::Events::EventBus')).toEqual([]);
    expect(plain.ofType('AWS::Lambda::EventSourceMapping')).toEqual([]);
    expect(plain.ofType('AWS::DynamoDB::Table')[0]).not.toHaveProperty('StreamSpecification');
  });

  test('the table streams each change, before and after', () => {
    expect(template.ofType('AWS::DynamoDB::Table')[0]).toMatchObject({
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  test('nothing is lost: from the stream’s start, split and repeated, then kept in the queue', () => {
    expect(template.ofType('AWS::Lambda::EventSourceMapping')).toEqual([
      expect.objectContaining({
        EventSourceArn: 'Table/Catalog.StreamArn',
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 20,
        DestinationConfig: { OnFailure: { Destination: 'Worker/LostStarts.Arn' } },
      }),
    ]);
  });

  test('the function wakes for records, runs and control records, by the keys that the store uses', () => {
    const [given] = template.ofType('AWS::Lambda::EventSourceMapping');
    const [{ Pattern }] = mapping.parse(given).FilterCriteria.Filters;
    const partitions = pattern.parse(JSON.parse(Pattern)).dynamodb.Keys.pk.S;
    const expected = resources.flatMap(({ name: resource }) => {
      const ref = { source: 'main', resource };
      return [recordPartition(ref), runKey(ref, '').pk, controlKey(ref).pk];
    });
    expect(partitions.toSorted()).toEqual(expected.toSorted());
  });

  test('the function may read the stream and publish on the bus, and no more', () => {
    const policies = template
      .ofType('AWS::IAM::Policy')
      .filter(({ Roles }) => JSON.stringify(Roles).includes('ChangeEvents'));
    const text = JSON.stringify(policies);
    expect(text).toContain(
      '"Action":"events:PutEvents","Effect":"Allow","Resource":"ChangeEvents/Bus.Arn"',
    );
    expect(text).not.toMatch(/dynamodb:(?:GetItem|Query|PutItem|UpdateItem)/);
    const publisher = template
      .ofType('AWS::Lambda::Function')
      .find(({ FunctionName }) => FunctionName === 'b2b-catalog-change-events');
    const { Variables } = z
      .object({ Variables: z.record(z.string(), z.string()) })
      .parse(publisher?.['Environment']);
    expect(parseEnvironment(changeEventsEnvironment, Variables)).toEqual({
      EVENT_BUS_NAME: 'ChangeEvents/Bus',
    });
  });
});
