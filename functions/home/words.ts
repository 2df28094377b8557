import Negotiator from 'negotiator';

export type Language = 'fr' | 'en';

/** Everything the page says that does not come from the catalogue. */
export const WORDS = {
  fr: {
    title: 'La boutique',
    categories: 'Rayons',
    newest: 'Nouveaux produits',
    was: 'au lieu de',
    perKg: 'le kg',
    noPrice: 'Prix sur demande',
    updated: 'Catalogue du',
    filling: 'Le catalogue arrive : rechargez la page dans un instant.',
    down: 'La boutique est momentanément indisponible. Réessayez dans quelques secondes.',
  },
  en: {
    title: 'The shop',
    categories: 'Departments',
    newest: 'New products',
    was: 'instead of',
    perKg: 'per kg',
    noPrice: 'Price on request',
    updated: 'Catalogue of',
    filling: 'The catalogue is on its way: reload the page in a moment.',
    down: 'The shop is not available for the moment. Try again in a few seconds.',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The page's language by `Accept-Language`; French unless English is asked for first. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const asked = { 'accept-language': acceptLanguage };
  return new Negotiator({ headers: asked }).language(['fr', 'en']) === 'en' ? 'en' : 'fr';
}
