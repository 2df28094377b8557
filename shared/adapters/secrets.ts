import { hash, randomBytes } from 'node:crypto';

/** A new secret of 256 bits from the system's generator, as 43 base64url characters. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** The SHA-256 of a text, in hexadecimal. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');
