import type { Fault } from './faults.ts';

/** An answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const UTF_8 = 'charset=utf-8';

export function json(status: number, value: unknown, headers = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  };
}

function html(status: number, title: string, headers = {}): Answer {
  const body = `<!doctype html><html lang="fr"><title>${title}</title><h1>${title}</h1></html>`;
  return { status, headers: { 'content-type': `text/html; ${UTF_8}`, ...headers }, body };
}

/** Errors as the supplier words them: in French, in `detail`. */
const detail = (status: number, text: string, headers = {}): Answer =>
  json(status, { detail: text }, headers);

export const noKey = (): Answer =>
  detail(401, "Informations d'authentification non fournies.", { 'www-authenticate': 'X-API-Key' });
export const wrongKey = (): Answer => detail(403, "Clé d'API invalide ou révoquée.");
export const notAllowed = (): Answer => detail(403, "Cette clé n'a pas accès à cette ressource.");
export const notFound = (): Answer => detail(404, 'Introuvable.');
export const noSuchPage = (): Answer => detail(404, 'Page non valide.');
export const wrongMethod = (method: string): Answer =>
  detail(405, `Méthode « ${method} » non autorisée.`, { allow: 'GET, HEAD' });
export const maintenance = (): Answer =>
  html(200, 'Maintenance en cours, merci de revenir plus tard');

/** 5xx as a web server in front of the application gives them, in HTML; 429 in JSON with its wait. */
export function failure({ status, retryAfterSeconds }: Extract<Fault, { kind: 'error' }>): Answer {
  if (retryAfterSeconds === null) return html(status, `Erreur ${status}`);
  return detail(status, `Trop de requêtes. Réessayez dans ${retryAfterSeconds} s.`, {
    'retry-after': String(retryAfterSeconds),
  });
}

/** A picture of a product: its initials on a colour of its own. */
export function picture(id: number, name: string): Answer {
  const initials = name.split(/[^\p{Letter}]+/u, 2).map((word) => word.slice(0, 1).toUpperCase());
  const body =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120">` +
    `<rect width="120" height="120" fill="hsl(${(id * 47) % 360} 45% 82%)"/>` +
    `<text x="60" y="74" font-family="sans-serif" font-size="40" text-anchor="middle">` +
    `${initials.join('')}</text></svg>`;
  return { status: 200, headers: { 'content-type': 'image/svg+xml' }, body };
}
