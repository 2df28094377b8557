import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import { createSignedCalls, type LightSettings, type SignedCalls } from './signed-calls.ts';

type InvokeInput = Required<Pick<InvokeCommandInput, 'FunctionName' | 'InvocationType'>> & {
  readonly Payload: string;
};

/** One invocation. */
export class InvokeCommand {
  readonly input: InvokeInput;

  constructor(input: InvokeInput) {
    this.input = input;
  }
}

/**
 * Stands in for `@aws-sdk/client-lambda` in the bundles of functions that only start the worker
 * (`infra/bundling.ts`): the one operation that they use. The SDK's client brings the schemas and the
 * errors of all others, 100 kB.
 */
export class LambdaClient {
  readonly #calls: SignedCalls;

  constructor(settings: LightSettings) {
    this.#calls = createSignedCalls('lambda', settings);
  }

  async send({ input }: InvokeCommand): Promise<void> {
    const { FunctionName = '', InvocationType = 'Event', Payload } = input;
    await this.#calls.call({
      path: `/2015-03-31/functions/${encodeURIComponent(FunctionName)}/invocations`,
      headers: { 'content-type': 'application/json', 'x-amz-invocation-type': InvocationType },
      body: Buffer.from(Payload),
    });
  }
}
