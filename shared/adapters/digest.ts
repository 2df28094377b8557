import { hash } from 'node:crypto';

/** A short stable hash of a text: the first 96 bits of its SHA-256, as 16 base64url characters. */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 16);
}
