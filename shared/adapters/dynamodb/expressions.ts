/**
 * The names of an expression, each placeholder called as its attribute: `#fence` is `fence`. Every
 * attribute goes through a placeholder, so that no reserved word of DynamoDB can ever be met.
 */
export function namesIn(...expressions: readonly string[]): Record<string, string> {
  const placeholders = expressions.flatMap((text) => text.match(/#\w+/g) ?? []);
  return Object.fromEntries(placeholders.map((name) => [name, name.slice(1)]));
}

/** `SET #a = :a, … REMOVE #b, …`: sets what has a value, removes what is null. */
export function replaceExpression(attributes: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(attributes);
  const set = names
    .filter((name) => attributes[name] !== null)
    .map((name) => `#${name} = :${name}`);
  const removed = names.filter((name) => attributes[name] === null).map((name) => `#${name}`);
  return [clause('SET', set), clause('REMOVE', removed)].filter(Boolean).join(' ');
}

/** The values of `replaceExpression`. */
export function replaceValues(
  attributes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const present = Object.entries(attributes).filter(([, value]) => value !== null);
  return Object.fromEntries(present.map(([name, value]) => [`:${name}`, value]));
}

const clause = (word: string, terms: readonly string[]): string =>
  terms.length === 0 ? '' : `${word} ${terms.join(', ')}`;
