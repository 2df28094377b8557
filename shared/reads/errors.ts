/** Why a read can't be answered as asked; each has one HTTP status. */
export type ReadFault =
  | 'bad_parameter'
  | 'bad_cursor'
  | 'reads_closed'
  | 'not_found'
  /** The address exists, and takes other methods. */
  | 'method_not_allowed'
  /** Who asks is not known, or what they sent to prove it was refused. */
  | 'not_signed_in'
  /** Who asks is known, and may not do this. */
  | 'not_allowed'
  /** A change that a page of another site, or an old form, asks for. */
  | 'foreign_form';

/** A read that can't be answered as asked; `message` says what to do and is safe to show. */
export class ReadError extends Error {
  override readonly name = 'ReadError';
  readonly fault: ReadFault;
  /** The methods that the address takes, where that is the fault. */
  readonly allow: readonly string[];

  constructor(
    fault: ReadFault,
    message: string,
    details: { cause?: unknown; allow?: readonly string[] } = {},
  ) {
    super(message, { cause: details.cause });
    this.fault = fault;
    this.allow = details.allow ?? [];
  }
}
