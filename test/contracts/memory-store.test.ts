import { describe } from 'vitest';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { describeStore } from './store-contract.ts';

describe('the store in memory', () => {
  const store = createMemoryStore();
  describeStore(() => ({ store, reader: store }));
});
