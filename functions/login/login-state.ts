import { jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';

/** Carries a login from the start to the issuer's answer, and no longer. Each has its own: a browser that is
 *  opened again may begin one in every tab. */
const LOGIN_COOKIE = '__Host-login-';
const LOGIN_SECONDS = 600;
/** Begun and not ended; more would fill the headers that a gateway takes. */
const MOST_LOGINS = 5;
const AUDIENCE = 'b2b-catalog-sync:login';
const ALGORITHM = 'HS256';

const loginState = z.object({
  /** PKCE's secret half. */
  verifier: z.string().min(43),
  state: z.string().min(16),
  nonce: z.string().min(16),
  /** Where the person wanted to go. */
  back: z.string(),
});

/** What the issuer's answer is held against. */
export type LoginState = z.output<typeof loginState>;

export interface Sealing {
  readonly secret: string;
  readonly nowMs: number;
}

/** The `Set-Cookie` header that keeps it in this browser. */
export async function loginCookie(login: LoginState, { secret, nowMs }: Sealing): Promise<string> {
  const sealed = await new SignJWT({ ...login })
    .setProtectedHeader({ alg: ALGORITHM })
    .setAudience(AUDIENCE)
    .setExpirationTime(Math.floor(nowMs / 1000) + LOGIN_SECONDS)
    .sign(new TextEncoder().encode(secret));
  return `${nameOf(login.state)}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${LOGIN_SECONDS}`;
}

/** The `Set-Cookie` header that ends it. */
export const noLoginCookie = (state: string): string => ended(nameOf(state));

/** The `Set-Cookie` headers that end logins which this browser began and left, once they are many. */
export function leftLogins(cookies: readonly string[]): string[] {
  const names = cookies
    .map((cookie) => cookie.split('=')[0] ?? '')
    .filter((name) => name.startsWith(LOGIN_COOKIE));
  return names.length < MOST_LOGINS ? [] : names.map(ended);
}

const nameOf = (state: string): string =>
  `${LOGIN_COOKIE}${state.replaceAll(/[^\w-]/g, '').slice(0, 8)}`;
const ended = (name: string): string =>
  `${name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`;

/** The login of this state that this browser began, or null when it began none that still counts. */
export async function beganLogin(
  cookies: readonly string[],
  state: string,
  { secret, nowMs }: Sealing,
): Promise<LoginState | null> {
  const start = `${nameOf(state)}=`;
  const sealed = cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length) ?? '';
  const rules = { algorithms: [ALGORITHM], audience: AUDIENCE, currentDate: new Date(nowMs) };
  try {
    const { payload } = await jwtVerify(sealed, new TextEncoder().encode(secret), rules);
    return loginState.parse(payload);
  } catch {
    return null;
  }
}
