import { randomBytes } from 'node:crypto';

/** Letters and digits that no compression makes smaller than three quarters. */
export const randomText = (length: number): string =>
  randomBytes(length).toString('base64url').slice(0, length);
