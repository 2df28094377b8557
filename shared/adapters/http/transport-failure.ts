import type { UpstreamFailure } from '../../core/errors.ts';

/** Why there is no complete answer. */
export interface TransportFailure {
  readonly kind: 'transport';
  readonly failure: UpstreamFailure & ('unavailable' | 'untrusted' | 'invalid');
  /** In words; holds nothing that upstream wrote. */
  readonly message: string;
  readonly retriable: boolean;
  readonly cause: unknown;
}

/** A body that is not worth asking for again. */
export class UnacceptableBodyError extends Error {
  override readonly name = 'UnacceptableBodyError';
}

/** OpenSSL's and Node's codes for a certificate that does not prove who answers. */
const CERTIFICATE =
  /CERT|ISSUER|HOSTNAME_MISMATCH|LEAF_SIGNATURE|^(?:INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/;

/** @param lateAfterMs the deadline, when it was what ended the request */
export function transportFailure(error: unknown, lateAfterMs: number | null): TransportFailure {
  const code = codeOf(error);
  if (lateAfterMs !== null) return transient(`no complete answer within ${lateAfterMs} ms`, error);
  if (error instanceof UnacceptableBodyError) {
    return { ...transient(error.message, error), failure: 'invalid', retriable: false };
  }
  if (CERTIFICATE.test(code)) {
    const message = `the supplier's TLS certificate is not valid (${code})`;
    return { ...transient(message, error), failure: 'untrusted', retriable: false };
  }
  // A cut gzip may have been cut on its way; if it comes cut again, it is what upstream sends.
  if (code.startsWith('Z_')) {
    return { ...transient(`the gzip body is cut or damaged (${code})`, error), failure: 'invalid' };
  }
  return transient(`the connection failed (${code})`, error);
}

function transient(message: string, cause: unknown): TransportFailure {
  return { kind: 'transport', failure: 'unavailable', message, retriable: true, cause };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
