import { BASE_URL, CANARY_KEY } from '../model.ts';
import type { Invariant } from './replay.ts';

/** 11. No secret in any log or row, and no request outside the configured origin and path. */
export const nothingLeaks: Invariant = ({ events, logged }) => {
  const urls = events.flatMap((event) => ('url' in event ? [event.url] : []));
  const off = urls.filter((url) => !url.startsWith(`${BASE_URL}/`));
  const stored = events.flatMap((event) =>
    'after' in event ? [JSON.stringify([event.after, 'writes' in event ? event.writes : []])] : [],
  );
  const leaks = [...logged, ...stored].filter((text) => text.includes(CANARY_KEY));
  return [
    ...off.map((url) => `a request left the configured origin: ${url}`),
    ...leaks.map((text) => `the key is in: ${text.slice(0, 120)}`),
  ];
};
