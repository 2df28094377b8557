import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { originOf } from '../../../../shared/adapters/light/service-origin.ts';

const REGIONS = [
  'eu-west-3',
  'us-east-1',
  'ap-southeast-5',
  'us-gov-west-1',
  'cn-north-1',
  'eusc-de-east-1',
];

test.each(REGIONS)('the endpoint in %s is the SDK’s own', async (region) => {
  const client = new DynamoDBClient({ region });
  const endpoint = client.config.endpointProvider({
    Region: region,
    UseFIPS: false,
    UseDualStack: false,
  });
  expect(originOf('dynamodb', region)).toBe(endpoint.url.origin);
});

test.each(['us-iso-east-1', 'us-isob-west-1', 'evil.example/#', ''])(
  '%s is no region to run in',
  (region) => {
    expect(() => originOf('dynamodb', region)).toThrow('no region');
  },
);
