/** One figure and what it is to be. Figures are ratios, counts or bytes of one run, never bare times. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** How it came about, for people. */
  readonly detail?: string;
  /** A counted figure holds on any machine; a timed one only where little else runs. */
  readonly kind: 'counted' | 'timed';
}

export function isMet({ value, atLeast = -Infinity, atMost = Infinity }: Figure): boolean {
  return value >= atLeast && value <= atMost;
}

/** The table's lines. */
export function table(figures: readonly Figure[]): readonly string[] {
  const width = Math.max(...figures.map(({ name }) => name.length));
  return figures.map((figure) => {
    const { name, value, detail = '' } = figure;
    const mark = isMet(figure) ? 'ok  ' : 'MISS';
    return `${mark}  ${name.padEnd(width)}  ${rounded(value).padStart(9)}  ${goalOf(figure).padEnd(10)}  ${detail}`;
  });
}

function goalOf({ atLeast, atMost }: Figure): string {
  if (atLeast !== undefined) return `≥ ${atLeast}`;
  return atMost === undefined ? '' : `≤ ${atMost}`;
}

const rounded = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(3);

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
