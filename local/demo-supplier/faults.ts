/** How the demo supplier misbehaves. */
export const FAULT_MODES = [
  /** It works. */
  'none',
  /** As on an average day: some 500s, a 429 now and then, a few slow answers. */
  'mild',
  /** A maintenance page in HTML with status 200. */
  'html',
  /** Its lists are empty. */
  'empty',
  /** Half of its records are missing from its lists. */
  'half',
  /** It refuses the key. */
  'refuse',
  /** It takes requests and never answers. */
  'hang',
  /** Every answer takes 3 s more. */
  'slow',
  /** Every second answer is a 500, 502, 503 or 429. */
  'errors',
] as const;
export type FaultMode = (typeof FAULT_MODES)[number];

/** What happens to one request. */
export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'html' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'error'; readonly status: number; readonly retryAfterSeconds: number | null };

const SLOW_MS = 3000;
const NONE: Fault = { kind: 'none' };

const FAULTS: Readonly<Record<FaultMode, (roll: number) => Fault>> = {
  none: () => NONE,
  mild: mildFault,
  html: () => ({ kind: 'html' }),
  empty: () => NONE,
  half: () => NONE,
  refuse: () => ({ kind: 'refuse' }),
  hang: () => ({ kind: 'hang' }),
  slow: () => ({ kind: 'slow', delayMs: SLOW_MS }),
  errors: (roll) => (roll < 0.5 ? errorOf(roll * 2) : NONE),
};

/** The fault of one request; `roll`, in [0, 1), decides where a mode leaves it to chance. */
export function faultOf(mode: FaultMode, roll: number): Fault {
  return FAULTS[mode](roll);
}

function mildFault(roll: number): Fault {
  if (roll < 0.01) return { kind: 'error', status: 500, retryAfterSeconds: null };
  if (roll < 0.013) return { kind: 'error', status: 429, retryAfterSeconds: 1 };
  return roll < 0.03 ? { kind: 'slow', delayMs: SLOW_MS / 2 } : NONE;
}

function errorOf(roll: number): Fault {
  const status = [500, 502, 503, 429][Math.floor(roll * 4)] ?? 500;
  return { kind: 'error', status, retryAfterSeconds: status === 429 ? 2 : null };
}

/** What a list shows of the records there are. */
export function listed<Listed>(mode: FaultMode, records: readonly Listed[]): readonly Listed[] {
  if (mode === 'empty') return [];
  return mode === 'half' ? records.filter((_, index) => index % 2 === 0) : records;
}
