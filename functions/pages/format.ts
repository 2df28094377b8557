import { html, raw } from 'hono/html';
import { isJsonObject, type Json } from '../../shared/core/json.ts';
import type { Language } from './language.ts';

/** Markup whose every value was escaped by the template. */
export type Markup = ReturnType<typeof html>;

/** What can stand for a `{name}` in a text: markup, or a text that is escaped. */
export type Filling = Markup | string | number;

/** A text of the catalogue with its `{names}` filled in. */
export function fill(text: string, values: Readonly<Record<string, Filling>> = {}): Markup {
  const parts = text
    .split(/\{(\w+)\}/)
    .map((part, at) => (at % 2 === 0 ? part : (values[part] ?? '')));
  return html`${parts}`;
}

/** The reader of a page: language, and zone of the clock on their wall. */
export interface Reader {
  readonly language: Language;
  /** For example `Europe/Paris`; `UTC` until the browser told. */
  readonly zone: string;
  readonly nowMs: number;
}

/** A moment as the reader's clock shows it: the time today, else the day as well, and another year. */
export const moment = (ms: number, reader: Reader): Markup =>
  html`<time datetime="${new Date(ms).toISOString()}">${momentText(ms, reader)}</time>`;

/** The same, as it reads. */
export function momentText(ms: number, { language, zone, nowMs }: Reader): string {
  const form = formOf(ms, { language, zone, nowMs });
  const suffix = zone === 'UTC' ? ' UTC' : '';
  return `${clockOf(language, zone, form).format(ms)}${suffix}`;
}

function formOf(ms: number, reader: Reader): 'time' | 'both' | 'dated' {
  if (isToday(ms, reader)) return 'time';
  const years = clockOf(reader.language, reader.zone, 'year');
  return years.format(ms) === years.format(reader.nowMs) ? 'both' : 'dated';
}

/** A moment as it stands after `depuis` or `since`: French says `le` before a day. */
export const sinceMoment = (ms: number, reader: Reader): Markup =>
  reader.language === 'fr' && !isToday(ms, reader)
    ? html`le ${moment(ms, reader)}`
    : moment(ms, reader);

function isToday(ms: number, { language, zone, nowMs }: Reader): boolean {
  const days = clockOf(language, zone, 'day');
  return days.format(ms) === days.format(nowMs);
}

const TIME = { hour: '2-digit', minute: '2-digit' } as const;
const DAY = { day: 'numeric', month: 'short' } as const;
const PARTS = {
  time: TIME,
  both: { ...DAY, ...TIME },
  dated: { ...DAY, year: 'numeric', ...TIME },
  day: { ...DAY, year: 'numeric' },
  year: { year: 'numeric' },
} as const;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs far more than using it, and there are few: languages by zones by forms. */
function clockOf(language: Language, zone: string, form: keyof typeof PARTS): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${form}`;
  const clock =
    clocks.get(key) ??
    new Intl.DateTimeFormat(LOCALES[language], { ...PARTS[form], timeZone: zone });
  clocks.set(key, clock);
  return clock;
}

/** A number as people of that language write it. */
export const number = (value: number, { language }: Pick<Reader, 'language'>): string =>
  NUMBERS[language].format(value);

/** With all its decimals. */
export const exactNumber = (value: number, { language }: Pick<Reader, 'language'>): string =>
  EXACT[language].format(value);

const EXACT = {
  fr: new Intl.NumberFormat('fr', { maximumFractionDigits: 20 }),
  en: new Intl.NumberFormat('en', { maximumFractionDigits: 20 }),
} as const;

const NUMBERS = {
  fr: new Intl.NumberFormat('fr', { maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat('en', { maximumFractionDigits: 1 }),
} as const;

/** How each language writes dates and amounts. */
export const LOCALES = { fr: 'fr', en: 'en-GB' } as const satisfies Record<Language, string>;

const WHOLE = { maximumFractionDigits: 0 } as const;
const CENTS = { minimumFractionDigits: 2, maximumFractionDigits: 4 } as const;
const MONEY = {
  fr: [new Intl.NumberFormat(LOCALES.fr, WHOLE), new Intl.NumberFormat(LOCALES.fr, CENTS)],
  en: [new Intl.NumberFormat(LOCALES.en, WHOLE), new Intl.NumberFormat(LOCALES.en, CENTS)],
} as const;

/** A span of time in at most two units, for example `1 h 5 min`; of less than a second, just that. */
export function span(ms: number): string {
  if (ms < 1000) return '< 1 s';
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0
    ? `${minutes / 60} h`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An amount as people of that language write it, or null: a whole one without decimals, any other with
 *  at least two, and with a third and fourth where it has them. The catalogue names no currency. */
export function money(amount: Json | undefined, language: Language): string | null {
  if (!isNumeric(amount)) return null;
  const [whole, cents] = MONEY[language];
  const value = Number(amount);
  return (Number.isInteger(value) ? whole : cents).format(value);
}

/** True for a number, or a text that is one. */
export const isNumeric = (amount: Json | undefined): boolean =>
  (typeof amount === 'string' && amount !== '' && Number.isFinite(Number(amount))) ||
  typeof amount === 'number';

/** An address whose image the page may load: of a host that the deployment names. */
export function imageAddress(address: Json | undefined, hosts: readonly string[]): string | null {
  if (typeof address !== 'string') return null;
  const url = URL.parse(address);
  return url !== null && !url.username && hosts.includes(url.origin) ? url.href : null;
}

/** A text or a number of a record, as text; nothing for anything else. */
export const shown = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** The price that a kilogram costs, or null. */
export function perKilogram(specifications: Json | undefined): Json | undefined {
  return isJsonObject(specifications) ? specifications['price_per_kg'] : null;
}

/** Nothing at all, as markup. */
export const NOTHING: Markup = raw('');
