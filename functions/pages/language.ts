import Negotiator from 'negotiator';

export type Language = 'fr' | 'en';

/** The page's language by `Accept-Language`; French unless English is asked for first. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const asked = { 'accept-language': acceptLanguage };
  return new Negotiator({ headers: asked }).language(['fr', 'en']) === 'en' ? 'en' : 'fr';
}
