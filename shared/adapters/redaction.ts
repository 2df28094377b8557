/** Hides secrets by value wherever they turn up, also encoded. */
export interface Redactor {
  /** Hides this secret from now on; an empty one is ignored. */
  readonly remember: (secret: string) => void;
  readonly redact: (text: string) => string;
}

const REPLACEMENT = '[redacted]';
/** Shorter encoded fragments would match by chance. */
const LEAST_ENCODED_LENGTH = 6;
const MAX_UPSTREAM_CHARACTERS = 200;

export function createRedactor(secrets: readonly string[] = []): Redactor {
  let forms: readonly string[] = [];
  const remember = (secret: string): void => {
    if (secret === '') return;
    // Longest first: a short form may be a part of a longer one, and would leave its rest behind.
    const all = new Set([...forms, ...formsOf(secret)]);
    forms = [...all].toSorted((a, b) => b.length - a.length);
  };
  for (const secret of secrets) remember(secret);
  return {
    remember,
    redact: (text) => forms.reduce((clean, form) => clean.replaceAll(form, REPLACEMENT), text),
  };
}

/** Upstream's own text for a message: no control characters, no secret, at most 200 characters.
 *  Redacted before it is cut, so that no cut leaves the start of a secret. */
export function upstreamText(text: string, redact: (text: string) => string): string {
  const plain = asOneLine(withoutEscapes(text));
  return redact(plain).slice(0, MAX_UPSTREAM_CHARACTERS).toWellFormed().trim();
}

/** A text on one line, without control characters. */
export const asOneLine = (text: string): string =>
  text.replaceAll(/[\r\n\t ]+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '');

/** JSON may write any character as an escape, and so hide a secret from a search for its text. */
const NEEDLESS_ESCAPES = /\\(?:u00([2-7][\da-f])|(\/)|[^])/gi;
/** From the first backslash of a run on: from each of them it would take as long again. */
const ANY_ESCAPES = /(?<!\\)\\+(?:u00([2-7][\da-f])|(\/))/gi;

/** The same JSON with every ASCII character as it is, unless it has to be escaped. */
export function withoutNeedlessEscapes(json: string): string {
  if (!json.includes('\\') || json.search(ANY_ESCAPES) < 0) return json;
  return json.replaceAll(
    NEEDLESS_ESCAPES,
    (escape, code: string | undefined, slash: string | undefined) =>
      code === undefined ? (slash ?? escape) : JSON.stringify(characterOf(code)).slice(1, -1),
  );
}

/** For people, not for parsers: also of JSON inside JSON. */
function withoutEscapes(text: string): string {
  return text.replaceAll(
    ANY_ESCAPES,
    (_escape, code: string | undefined, slash: string | undefined) =>
      code === undefined ? (slash ?? '') : characterOf(code),
  );
}

const characterOf = (hex: string): string => String.fromCodePoint(Number.parseInt(hex, 16));

function formsOf(secret: string): readonly string[] {
  const encoded = [...urlForms(secret), ...base64Forms(secret), ...jsonForms(secret)];
  return [secret, ...encoded.filter((form) => form.length >= LEAST_ENCODED_LENGTH)];
}

function urlForms(secret: string): readonly string[] {
  const component = encodeURIComponent(secret.toWellFormed());
  const query = new URLSearchParams({ '': secret }).toString().slice(1);
  return [component, query].flatMap((form) => [form, form.replaceAll(/%../g, lowerCase)]);
}

const lowerCase = (text: string): string => text.toLowerCase();

function jsonForms(secret: string): readonly string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  return [once, twice];
}

/** Base64 of the secret standing alone, and inside something longer at each of the three alignments:
 *  then only the characters that hold nothing but the secret's bits. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const inside = [0, 1, 2].map((offset) => {
    const base64 = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const firstOwn = Math.ceil((offset * 8) / 6);
    const pastOwn = Math.floor(((offset + bytes.length) * 8) / 6);
    return base64.slice(firstOwn, pastOwn);
  });
  const standard = [bytes.toString('base64'), ...inside];
  return standard.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}
