/** Records on one page, at most, when a client asks for a `page_size`. */
export const MAX_PAGE_SIZE = 1000;

/** What a client may search for, characters. */
export const MAX_SEARCH_CHARACTERS = 200;

/**
 * What one Lambda answer may weigh as it travels (JSON-escaped text, or base64), in bytes. Lambda cuts
 * at 6 MB (6,291,556); the rest is room for headers and the answer's own envelope.
 */
export const MAX_ANSWER_BYTES = 6_000_000;

/** A client that finds nothing synced yet may ask again after this long, seconds. */
export const FIRST_SYNC_RETRY_SECONDS = 5;
