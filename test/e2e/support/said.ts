import type { Page } from 'playwright-core';
import { assertGoodPage, LOOKS, OTHER_LOOKS, type Visitor } from './browser.ts';
import type { Service } from './service.ts';

export const STATUS = '/inventory/status/';

/** The text of a part of a page, spaces as one. */
const textOf = async (page: Page, part: string): Promise<string> =>
  ((await page.textContent(part)) ?? '').replaceAll(/\s+/g, ' ').trim();

export const glance = (page: Page): Promise<string> => textOf(page, '#products-glance');

export interface Said {
  /** What the status page says of the products at a glance. */
  readonly fr: string;
  readonly en: string;
  /** All of the page. */
  readonly whole: { readonly fr: string; readonly en: string };
  /** The page in French, signed in. */
  readonly page: Page;
}

/** The status page in both languages, each good on a phone and a desktop, in light and in dark. */
export async function said(
  { run, signIn }: Service,
  visit: (visitor?: Visitor) => Promise<Page>,
  name: string,
): Promise<Said> {
  const french = await visit();
  await signIn(french);
  await french.goto(`${run.url}${STATUS}`);
  await assertGoodPage(french, `${name}-fr`, LOOKS);
  const english = await visit({ locale: 'en-GB' });
  await english.context().addCookies(await french.context().cookies());
  await english.goto(`${run.url}${STATUS}`);
  await assertGoodPage(english, `${name}-en`, OTHER_LOOKS);
  const whole = { fr: await textOf(french, 'main'), en: await textOf(english, 'main') };
  return { fr: await glance(french), en: await glance(english), whole, page: french };
}
