import { jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';

/** Carries a login from the start to the issuer's answer, and no longer. */
const LOGIN_COOKIE = '__Host-login';
const LOGIN_SECONDS = 600;
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
  return `${LOGIN_COOKIE}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${LOGIN_SECONDS}`;
}

export const NO_LOGIN_COOKIE = `${LOGIN_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`;

/** The login that this browser began, or null when it began none that still counts. */
export async function beganLogin(
  cookies: readonly string[],
  { secret, nowMs }: Sealing,
): Promise<LoginState | null> {
  const start = `${LOGIN_COOKIE}=`;
  const sealed = cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length) ?? '';
  const rules = { algorithms: [ALGORITHM], audience: AUDIENCE, currentDate: new Date(nowMs) };
  try {
    const { payload } = await jwtVerify(sealed, new TextEncoder().encode(secret), rules);
    return loginState.parse(payload);
  } catch {
    return null;
  }
}
