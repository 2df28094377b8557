import { isScope, type Scope } from '../../shared/core/access.ts';

/** Before a scope's name in a token: another application of the same issuer may have a `sync` or an
 *  `admin` of its own. */
const SCOPE_NAMESPACE = 'b2b-catalog/';

export interface GroupMapping {
  /** The claim that holds a person's groups. */
  readonly claim: string;
  /** The scopes of each group. */
  readonly scopesOf: ReadonlyMap<string, readonly Scope[]>;
}

/** The scopes of an issuer's token: those of its groups, and those of ours that its `scope` claim names. */
export function scopesOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { claim, scopesOf }: GroupMapping,
): readonly Scope[] {
  const groups = textsOf(claims[claim]);
  const named = textsOf(claims['scope']).flatMap((text) => text.split(' '));
  const own = named
    .filter((text) => text.startsWith(SCOPE_NAMESPACE))
    .map((text) => text.slice(SCOPE_NAMESPACE.length));
  return [
    ...new Set([...groups.flatMap((group) => scopesOf.get(group) ?? []), ...own.filter(isScope)]),
  ];
}

function textsOf(claim: unknown): readonly string[] {
  const several = Array.isArray(claim) ? claim : [claim];
  return several.filter((one) => typeof one === 'string');
}
