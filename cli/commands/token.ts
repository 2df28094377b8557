import { newSecret, sha256 } from '../../shared/adapters/secrets.ts';
import { isExpired, TOKEN_PREFIX, type AccessToken, type Scope } from '../../shared/core/access.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import { isoOf } from '../../shared/reads/freshness.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Target } from '../target.ts';
import { print, printJson, timeOf, type Terminal } from '../terminal.ts';

const DAY_MS = 86_400_000;

export interface TokenWish {
  readonly scope: readonly Scope[];
  readonly name: string;
  readonly days: number;
  readonly json: boolean;
}

/** Makes an access token of 256 bits and shows it, this once: only its SHA-256 is kept. */
export async function createToken(
  { scope, name, days, json }: TokenWish,
  { tokens, clock }: Target,
  terminal: Terminal,
): Promise<ExitCode> {
  const secret = `${TOKEN_PREFIX}${newSecret()}`;
  const nowMs = clock.nowMs();
  const expiresAtMs = nowMs + days * DAY_MS;
  const token = { id: clock.ulid(), name, scopes: scope, createdAtMs: nowMs, expiresAtMs };
  await tokens.add(sha256(secret), token);
  if (json) printJson(terminal, { ...tokenJson(token), token: secret });
  else {
    print(terminal, secret);
    terminal.stderr.write(
      `Token ${token.id} (${name}) may ${scope.join(', ')} until ${timeOf(expiresAtMs)}. It is shown only now: keep it.\n`,
    );
  }
  return EXIT.done;
}

/** Lists the tokens that were not revoked: never the tokens themselves, which nobody has kept. */
export async function listTokens(
  { tokens, clock }: Target,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const all = await tokens.list();
  if (json) printJson(terminal, all.map(tokenJson));
  else if (all.length === 0) print(terminal, 'No access token.');
  else
    for (const { id, name, scopes, expiresAtMs } of all) {
      const until = isExpired({ expiresAtMs }, clock.nowMs()) ? 'expired' : 'until';
      print(terminal, `${id}  ${name}  ${scopes.join(', ')}  ${until} ${timeOf(expiresAtMs)}`);
    }
  return EXIT.done;
}

/** From now on nobody is let in by it. */
export async function revokeToken(
  id: string,
  { tokens }: Target,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const success = await tokens.revoke(id);
  const message = success
    ? `Token ${id} is revoked.`
    : `No token has the id ${id}. See: npm run sync -- token list`;
  if (json) printJson(terminal, { success, message });
  else print(terminal, message);
  return success ? EXIT.done : EXIT.failed;
}

/** A token as programs read it: never its secret, nor what is kept of that. */
const tokenJson = ({ id, name, scopes, createdAtMs, expiresAtMs }: AccessToken): JsonObject => ({
  id,
  name,
  scopes: [...scopes],
  created_at: isoOf(createdAtMs),
  expires_at: isoOf(expiresAtMs),
});
