import { sealSession, sessionCookie } from '../functions/access/session.ts';
import { logoutOperation } from '../functions/login/logout.ts';
import type { LoginServices } from '../functions/login/services.ts';
import { redirect } from '../functions/http/result.ts';
import { languageOf } from '../functions/pages/language.ts';
import { noticePage } from '../functions/pages/notice.ts';
import { httpHandler, type Operation } from '../functions/read-handler.ts';
import { LOGIN_PATH, STATUS_PAGE_PATH } from '../shared/deployment.ts';

const USABLE_MS = 10 * 60_000;

/** Links that sign whoever runs this program in, once each, for 10 minutes: it alone sees them. */
export interface OneTimeLinks {
  /** A new one. */
  make(): string;
  /** True for one that was made here, is fresh, and was never used. */
  use(link: string): boolean;
}

export function createOneTimeLinks({
  newSecret,
  clock,
}: Pick<LoginServices, 'newSecret' | 'clock'>): OneTimeLinks {
  const usable = new Map<string, number>();
  return {
    make: () => {
      const link = newSecret();
      usable.set(link, clock.nowMs() + USABLE_MS);
      return link;
    },
    use: (link) => {
      const untilMs = usable.get(link) ?? 0;
      usable.delete(link);
      return clock.nowMs() < untilMs;
    },
  };
}

/** The address of a link on a local run. */
export const linkAddress = (origin: string, link: string): string =>
  `${origin}${LOGIN_PATH}/?link=${link}`;

/** The local run's own login, where no issuer is configured: no bundle of a Lambda function has it. */
export function createLocalLogin(
  services: LoginServices,
  links: OneTimeLinks,
  announce: (link: string) => void,
) {
  const retry = `${STATUS_PAGE_PATH}/`;
  const login: Operation<LoginServices> = async (
    { event },
    { clock, newSecret, sessionSecret },
  ) => {
    const language = languageOf(event.headers['accept-language']);
    const { link, signed_out: signedOut } = event.queryStringParameters;
    if (signedOut !== undefined) return noticePage(200, 'signed_out', language, { retry });
    if (link !== undefined && links.use(link)) {
      const person = { subject: 'local', name: 'npm start', scopes: ['admin'] } as const;
      const sealing = { secret: await sessionSecret(), csrf: newSecret(), nowMs: clock.nowMs() };
      return redirect(retry, [sessionCookie(await sealSession(person, sealing))]);
    }
    announce(links.make());
    return noticePage(
      link === undefined ? 401 : 403,
      link === undefined ? 'local_link' : 'local_over',
      language,
      { retry },
    );
  };
  const operations = { login, callback: login, logout: logoutOperation };
  return httpHandler({ name: 'login', services: () => services, operations });
}
