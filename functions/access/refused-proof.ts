import { errors } from 'jose';

/** What was brought proves nothing: it is not ours, was changed, or is over. What else may go wrong while
 *  it is checked says nothing about it. */
export class RefusedProofError extends Error {
  override readonly name = 'RefusedProofError';
}

/** Of these the token is innocent: the issuer's keys could not be had, or not be read. */
const NO_VERDICT = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);

/** What a failed check of a JWT comes to: a refusal where the token is to blame, else the error itself. */
export function verdictOf(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError) || NO_VERDICT.has(error.code)) return error;
  return new RefusedProofError(error.message, { cause: error });
}
