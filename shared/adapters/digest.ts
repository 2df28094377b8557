import { hash } from 'node:crypto';

/** A short stable hash of a text: the first 96 bits of its SHA-256, as 16 base64url characters. */
export function digest(text: string): string {
  // Not a slice of the longer text: it would keep that in memory for every record of a run.
  return hash('sha256', text, 'buffer').toString('base64url', 0, 12);
}
