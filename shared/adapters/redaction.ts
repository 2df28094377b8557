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
  const forms = new Set<string>();
  const remember = (secret: string): void => {
    if (secret === '') return;
    for (const form of formsOf(secret)) forms.add(form);
  };
  for (const secret of secrets) remember(secret);
  return {
    remember,
    // Longest first: a short form may be a part of a longer one, and would leave its rest behind.
    redact: (text) =>
      [...forms]
        .toSorted((a, b) => b.length - a.length)
        .reduce((clean, form) => clean.replaceAll(form, REPLACEMENT), text),
  };
}

/** Upstream's own text for a message: no control characters, no secret, at most 200 characters.
 *  Redacted before it is cut, so that no cut leaves the start of a secret. */
export function upstreamText(text: string, redact: (text: string) => string): string {
  const plain = text.replaceAll(/[\r\n\t ]+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '');
  return redact(plain).slice(0, MAX_UPSTREAM_CHARACTERS).toWellFormed().trim();
}

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
